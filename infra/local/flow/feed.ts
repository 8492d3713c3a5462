import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalAddress } from '../driver/services/local-api.ts';
import type { Ring } from './ring.ts';

/** How soon a browser asks again after its connection has ended. */
const RECONNECT_MS = 1_000;

/**
 * `GET /_local/flow`: the steps as server-sent events, those first that are kept and came after
 * `Last-Event-ID` or `?since=`; with `?format=json` those once, as a list.
 */
export function createFeed(ring: Ring): LocalAddress {
  return (response, _body, request) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://stack');
    const from = firstWanted(ring, request, searchParams.get('since'));
    if (searchParams.get('format') === 'json') {
      return answerOnce(ring, from, response);
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    follow(ring, from, response);
  };
}

/** A number that this stack has not given yet is one of the stack before it: all are new then. */
function firstWanted(ring: Ring, request: IncomingMessage, since: string | null): number {
  const seen = Number(request.headers['last-event-id'] ?? since ?? 0);
  const isKnown = Number.isSafeInteger(seen) && seen <= ring.last();
  return Math.max(isKnown ? seen + 1 : 1, ring.oldest());
}

function answerOnce(ring: Ring, from: number, response: ServerResponse): void {
  const texts: string[] = [];
  for (let seq = from; seq <= ring.last(); seq++) {
    texts.push(ring.text(seq) ?? '');
  }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`[${texts.join(',')}]`);
}

/**
 * Sends steps as fast as the reader takes them. Nothing waits for a slow reader but the ring
 * itself: one that falls behind its oldest step is cut off, and may come back for what is there.
 */
function follow(ring: Ring, from: number, response: ServerResponse): void {
  let next = from;
  let isFull = false;

  const send = () => {
    while (!isFull && next <= ring.last()) {
      const text = ring.text(next);
      if (text === undefined) {
        response.destroy();
        return;
      }
      isFull = !response.write(`id: ${next}\ndata: ${text}\n\n`);
      next += 1;
    }
    if (isFull && next < ring.oldest()) {
      response.destroy();
    }
  };

  response.on('drain', () => {
    isFull = false;
    send();
  });
  response.once('close', ring.listen(send));
  send();
}
