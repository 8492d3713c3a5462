import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type countingClient, readsAndWrites } from './counting-client.ts';

const MB = 1_000_000;

/** What measures some work. */
export type Meter = ReturnType<typeof createMeter>;

/** What some work spends, and the most that is in use whenever it is looked at. */
export function createMeter(counter: ReturnType<typeof countingClient>) {
  const collect = garbageCollector();
  let spent = { calls: 0, reads: 0, writes: 0 };
  let inUse = 0;

  // What the counter keeps is none of the work's memory.
  function take(): void {
    const calls = counter.take();
    counter.takeTransactions();
    const { reads, writes } = readsAndWrites(calls);
    spent.calls += calls.length;
    spent.reads += reads;
    spent.writes += writes;
  }

  return {
    begin(): void {
      take();
      spent = { calls: 0, reads: 0, writes: 0 };
      inUse = 0;
    },
    look(): void {
      take();
      collect();
      inUse = Math.max(inUse, process.memoryUsage().heapUsed);
    },
    end() {
      take();
      return { ...spent, inUseMb: Math.round(inUse / MB) };
    },
  };
}

/** What is in use shows once the rest is collected. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
