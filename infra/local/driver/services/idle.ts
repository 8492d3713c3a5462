import type { ServerResponse } from 'node:http';
import type { Stream } from '../stream/stream.ts';
import type { InFlight } from './in-flight.ts';

const MAX_WAIT_MS = 30_000;

/**
 * Resolves with undefined when all is at rest, else, when the time is up, with what is still in
 * flight.
 */
export type Idle = (response: ServerResponse) => Promise<readonly string[] | undefined>;

/**
 * Waits until nothing is in flight: no request, invocation, message or record is open, and a read
 * of the stream that began after that brought nothing. A write whose request was answered before
 * the call is thus seen, with everything that follows from it.
 */
export function createIdle(inFlight: InFlight, stream: Stream, maxWaitMs = MAX_WAIT_MS): Idle {
  return async (response) => {
    let isOver = false;
    let stopWaiting = () => {};
    const over = new Promise<void>((resolve) => {
      stopWaiting = () => {
        isOver = true;
        resolve();
      };
    });
    const timer = setTimeout(stopWaiting, maxWaitMs);
    response.once('close', stopWaiting);
    let lookedAndFound = ['a record of the stream'];
    try {
      while (!isOver) {
        await Promise.race([inFlight.drained(), over]);
        if (isOver) {
          break;
        }
        const count = await Promise.race([stream.look(), over]);
        if (count === 0 && inFlight.isEmpty()) {
          return undefined;
        }
        lookedAndFound = inFlight.describe();
      }
    } finally {
      clearTimeout(timer);
    }
    const open = inFlight.describe();
    return open.length > 0 ? open : lookedAndFound;
  };
}
