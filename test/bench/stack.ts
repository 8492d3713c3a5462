import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { atMost, type Report } from './page/report.ts';

const TARGET_READY_SECONDS = 3;
const TARGET_PERCENT_AT_REST = 1.5;
/**
 * After this time the functions that schedules call each minute have started, which each does once,
 * and those that the world's events woke have answered.
 */
const UNTIL_REST_MS = 75_000;
const REST_MS = 60_000;
/** What the system counts CPU time in, a second (`getconf CLK_TCK`). */
const TICKS_A_SECOND = 100;
const NEW_EACH_TIME = ['.build/stamp.json', '.baton/apps'];

/**
 * How long `npm start` takes until it is ready, from nothing and where nothing has changed since,
 * and which share of a core the stack with all its processes takes at rest. Times of this machine,
 * so that only what does not depend on it is kept.
 */
export async function runStackBench(report: Report): Promise<void> {
  for (const path of NEW_EACH_TIME) {
    rmSync(path, { recursive: true, force: true });
  }
  const first = await startHere();
  await first.stop();
  const second = await startHere();
  const rested = await percentAtRest(second.process);
  await second.stop();

  report.time(`ready in ${first.seconds.toFixed(1)} s where everything is new`);
  report.time(
    `ready in ${atMost(second.seconds, TARGET_READY_SECONDS)} s where nothing has changed`,
  );
  report.time(
    rested === null
      ? 'at rest: not measured, this system has no /proc'
      : `at rest: ${atMost(rested, TARGET_PERCENT_AT_REST)} % of a core`,
  );
  report.table({
    columns: ['start', { name: 'seconds', isTime: true }, 'bundles made'],
    rows: [
      ['where everything is new', first.seconds, first.bundles],
      ['where nothing has changed', second.seconds, second.bundles],
    ],
  });
}

/** Starts the stack in a process of its own, on a free port. */
async function startHere() {
  const startedMs = Date.now();
  const child = spawn(process.execPath, ['infra/local/start.ts', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('The stack did not start.'))),
  ]);
  const readyMs = Date.now();
  return {
    process: child,
    seconds: (readyMs - startedMs) / 1000,
    bundles: bundlesSince(startedMs),
    async stop(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** 1 where the functions were bundled since then, for one call bundles all of them. */
function bundlesSince(startedMs: number): number {
  return statSync('.build/stamp.json').mtimeMs >= startedMs ? 1 : 0;
}

async function percentAtRest({ pid = 0 }: ChildProcess): Promise<number | null> {
  if (!existsSync('/proc/self/stat')) {
    return null;
  }
  await wait(UNTIL_REST_MS);
  const before = ticksOf(pid);
  await wait(REST_MS);
  return ((ticksOf(pid) - before) / TICKS_A_SECOND / (REST_MS / 1000)) * 100;
}

/** The CPU time that a process and those below it have taken, in ticks. */
function ticksOf(root: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      return stat === null ? [] : [stat];
    });
  const sum = (pid: number): number => {
    const own = stats.find((stat) => stat.pid === pid)?.ticks ?? 0;
    const below = stats.filter(({ parent }) => parent === pid);
    return below.reduce((ticks, child) => ticks + sum(child.pid), own);
  };
  return sum(root);
}

/** Null where the process has ended meanwhile. */
function statOf(pid: string) {
  try {
    // After the name, which may hold anything: state, parent, and 11 fields on the times.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
    return { pid: Number(pid), parent: Number(fields[1]), ticks: user + system };
  } catch {
    return null;
  }
}
