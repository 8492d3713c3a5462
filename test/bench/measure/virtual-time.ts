import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

type Sleeper = { readonly atMs: number; readonly wake: () => void };

/** Rounds of the event loop without a call in flight, after which everybody sleeps. */
const QUIET_ROUNDS = 3;

/**
 * A clock that stands while anybody works and jumps to whoever wakes next, so that times are those
 * of the work and not of the machine. It counts in milliseconds.
 */
export function virtualTime(startMs: number) {
  let nowMs = startMs;
  let inFlight = 0;
  let callMs = 0;
  const sleepers: Sleeper[] = [];

  const sleep = (ms: number) =>
    new Promise<void>((wake) => void sleepers.push({ atMs: nowMs + ms, wake }));

  async function quiet(): Promise<void> {
    for (let rounds = 0; rounds < QUIET_ROUNDS; rounds += 1) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (inFlight > 0) {
        rounds = -1;
      }
    }
  }

  return {
    nowMs: () => nowMs,
    sleep,
    /** From now on each call of this client takes so long. */
    charge(client: DynamoDBDocumentClient, ms: number): void {
      callMs = ms;
      client.middlewareStack.add(
        (next) => async (args) => {
          inFlight += 1;
          const result = await next(args).finally(() => {
            inFlight -= 1;
          });
          await sleep(callMs);
          return result;
        },
        { step: 'initialize', name: 'virtualTime' },
      );
    },
    /** Lets time go on until something is so. */
    async runUntil(isSo: () => boolean): Promise<void> {
      for (;;) {
        await quiet();
        if (isSo()) {
          return;
        }
        const next = Math.min(...sleepers.map(({ atMs }) => atMs));
        if (next === Number.POSITIVE_INFINITY) {
          throw new Error('Nobody will ever wake.');
        }
        nowMs = next;
        const due = sleepers.filter(({ atMs }) => atMs <= nowMs);
        sleepers.splice(0, sleepers.length, ...sleepers.filter(({ atMs }) => atMs > nowMs));
        for (const { wake } of due) {
          wake();
        }
      }
    },
  };
}

export type VirtualTime = ReturnType<typeof virtualTime>;
