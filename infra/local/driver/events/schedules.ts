import { randomUUID } from 'node:crypto';
import type { LocalFunction } from '../lambda/functions.ts';
import { rootsFrom } from '../services/in-flight.ts';
import { refusal } from '../template/template.ts';

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export type Schedule = {
  readonly name: string;
  readonly everyMs: number;
  readonly enabled: boolean;
  readonly target: LocalFunction;
  readonly input: unknown;
};

export type Schedules = ReturnType<typeof createSchedules>;

/** Invokes functions at a rate, in the background: nothing waits for them. */
export function createSchedules(schedules: readonly Schedule[]) {
  let timers: NodeJS.Timeout[] = [];
  return {
    /** `overdue` says that their time may have come while nothing ran: each is run now as well. */
    start({ overdue }: { readonly overdue: boolean }): void {
      timers = schedules
        .filter(({ enabled }) => enabled)
        .map(({ target, input, everyMs }) => {
          const run = () => void target.invoke(input, { counted: false, roots: rootsOfRun() });
          if (overdue) {
            run();
          }
          return setInterval(run, everyMs);
        });
    },
    names: () => schedules.map(({ name }) => name),
    /**
     * Runs a schedule now and resolves with the outcome; undefined if there is no such schedule.
     */
    async run(name: string) {
      const schedule = schedules.find((one) => one.name === name);
      return schedule?.target.invoke(schedule.input, { roots: rootsOfRun() });
    },
    stop(): void {
      for (const timer of timers) {
        clearInterval(timer);
      }
    },
  };
}

/** Each run of a schedule is a cause of its own. */
const rootsOfRun = () => rootsFrom([randomUUID()]);

/**
 * The interval of `rate(15 minutes)` in milliseconds.
 *
 * @throws Error for anything else: cron and one-time schedules are not supported
 */
export function parseRate(expression: unknown, path: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(expression));
  const everyMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? 0);
  if (everyMs > 0) {
    return everyMs;
  }
  throw refusal(path, `${JSON.stringify(expression)} is not a rate: only rate(...) is supported.`);
}
