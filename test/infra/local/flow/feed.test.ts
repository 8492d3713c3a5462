import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createFeed } from '../../../../infra/local/flow/feed.ts';
import { createRing } from '../../../../infra/local/flow/ring.ts';
import type { NewStep, Step } from '../../../../infra/local/flow/step.ts';

/** A server whose only address is the feed of a ring, with the answers that it has begun. */
async function serveFeed(size?: number) {
  const ring = createRing(size);
  const feed = createFeed(ring);
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    void feed(response, '', request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { ring, responses, port, url: `http://127.0.0.1:${port}/_local/flow` };
}

const step = (title: string): NewStep => ({
  at: '2026-01-01T00:00:00.000Z',
  request: null,
  kind: 'rows',
  title,
  detail: {},
});

/** Reads steps from a stream of server-sent events until there are so many. */
async function readSteps(response: Response, count: number): Promise<Step[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text
      .split('\n\n')
      .slice(0, -1)
      .filter((event) => event.startsWith('id: '));
    if (whole.length >= count) {
      return whole.map((event) => {
        const [, id, data = ''] = /^id: (\d+)\ndata: (.*)$/.exec(event) ?? [];
        const read: Step = JSON.parse(data);
        expect(read.seq).toBe(Number(id));
        return read;
      });
    }
  }
  throw new Error(`The feed ended after ${text}`);
}

const titlesOf = (steps: readonly Step[]) => steps.map(({ title }) => title);

it.each<[string, string, Record<string, string>, string[]]>([
  ['whoever has seen nothing gets all that is kept', '', {}, ['2', '3', '4']],
  ['what came after a number', '?since=3', {}, ['4']],
  ['what came after the last event', '', { 'last-event-id': '2' }, ['3', '4']],
  ['the last event and no number', '?since=1', { 'last-event-id': '3' }, ['4']],
  ['a number of the stack before this one: all', '?since=99', {}, ['2', '3', '4']],
  ['no number at all', '?since=x', {}, ['2', '3', '4']],
])('replays: %s', async (_, query, headers, expected) => {
  const { ring, url } = await serveFeed(3);
  for (const title of ['1', '2', '3', '4']) {
    ring.add(step(title));
  }
  const response = await fetch(`${url}${query}`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(titlesOf(await readSteps(response, expected.length))).toEqual(expected);
  const once = await fetch(`${url}${query === '' ? '?' : `${query}&`}format=json`, { headers });
  expect(titlesOf((await once.json()) as Step[])).toEqual(expected);
});

it('goes on with what comes, for each reader', async () => {
  const { ring, url } = await serveFeed();
  const readers = await Promise.all([fetch(url), fetch(url)]);
  ring.add(step('first'));
  ring.add(step('second'));
  for (const reader of readers) {
    expect(titlesOf(await readSteps(reader, 2))).toEqual(['first', 'second']);
  }
});

it('cuts off a reader that falls behind the ring, and keeps nothing for it', async () => {
  const { ring, responses, port } = await serveFeed(50);
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write('GET /_local/flow HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  await expect.poll(() => responses.length).toBe(1);
  const [response] = responses;
  const large = step('x'.repeat(4_000));
  for (let added = 0; added < 20_000 && response?.destroyed === false; added += 1) {
    ring.add(large);
    expect(response.writableLength).toBeLessThan(100_000);
    await setImmediate();
  }
  expect(response?.destroyed).toBe(true);
});
