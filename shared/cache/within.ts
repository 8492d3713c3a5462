import { awakeClock } from './awake-clock.ts';

type Waiter = { readonly untilMs: number; readonly give: () => void };

const waiters = new Set<Waiter>();
let ticker: NodeJS.Timeout | undefined;

/**
 * Waits for a promise, for `timeoutMs` by the awake clock at most. The work itself continues. An
 * infinite time has no limit.
 */
export async function within<T>(timeoutMs: number, message: string, work: Promise<T>): Promise<T> {
  if (timeoutMs === Number.POSITIVE_INFINITY) {
    return work;
  }
  const late = Promise.withResolvers<never>();
  const waiter: Waiter = {
    untilMs: awakeClock.read() + timeoutMs,
    // After a pause of the process, the tick and the answer may both be due: the answer is
    // processed first.
    give: () => void setImmediate(() => late.reject(new Error(message))),
  };
  waiters.add(waiter);
  ticker ??= setInterval(tick, awakeClock.tickMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    waiters.delete(waiter);
    if (waiters.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  }
}

function tick(): void {
  const nowMs = awakeClock.read();
  for (const waiter of waiters) {
    if (nowMs >= waiter.untilMs) {
      waiter.give();
    }
  }
}
