import type { ServerResponse } from 'node:http';
import type { Stream } from '../stream/stream.ts';
import type { InFlight } from './in-flight.ts';

const MAX_WAIT_MS = 30_000;

/**
 * Waits until the stack is idle and resolves with undefined, or, after 30 s, with the descriptions
 * of the work in flight.
 */
export type Idle = (response: ServerResponse) => Promise<readonly string[] | undefined>;

/**
 * Waits until nothing is in flight: no request, invocation, message or record is open, and a read
 * of the stream that began after that returned no record. So all effects of a write whose request
 * was answered before the call are included.
 */
export function createIdle(inFlight: InFlight, stream: Stream, maxWaitMs = MAX_WAIT_MS): Idle {
  const look = async (): Promise<'idle' | 'busy'> => {
    await inFlight.drained();
    const count = await stream.look();
    return count === 0 && inFlight.isEmpty() ? 'idle' : 'busy';
  };

  return async (response) => {
    const deadline = startDeadline(response, maxWaitMs);
    let busyWith: readonly string[] = ['a record of the stream'];
    let state = await Promise.race([look(), deadline.passed]);
    while (state === 'busy') {
      busyWith = inFlight.describe();
      state = await Promise.race([look(), deadline.passed]);
    }
    deadline.clear();
    if (state === 'idle') {
      return undefined;
    }
    const open = inFlight.describe();
    return open.length > 0 ? open : busyWith;
  };
}

/** A promise that resolves after `maxWaitMs`, or when the caller has closed the connection. */
function startDeadline(response: ServerResponse, maxWaitMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<'time is up'>((resolve) => {
    timer = setTimeout(() => resolve('time is up'), maxWaitMs);
    response.once('close', () => resolve('time is up'));
  });
  return { passed, clear: () => clearTimeout(timer) };
}
