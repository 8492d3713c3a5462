import { awakeClock } from './awake-clock.ts';

type Waiter = { readonly untilMs: number; readonly give: () => void };

const waiters = new Set<Waiter>();
let ticker: NodeJS.Timeout | undefined;

/**
 * Waits for work, and no longer than that by the awake clock; the work itself goes on. An infinite
 * time waits without end.
 *
 * @throws Error with the message when the time is over
 */
export async function within<T>(timeoutMs: number, message: string, work: Promise<T>): Promise<T> {
  if (timeoutMs === Number.POSITIVE_INFINITY) {
    return work;
  }
  const late = Promise.withResolvers<never>();
  const waiter: Waiter = {
    untilMs: awakeClock.read() + timeoutMs,
    // A process that was busy finds the tick and the answer waiting together: the answer goes
    // first.
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
