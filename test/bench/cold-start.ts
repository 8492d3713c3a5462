import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../infra/build.ts';
import { median } from './measure/median.ts';
import { atMost, type Report } from './page/report.ts';

const ROUNDS = 15;
const environment = {
  BATON_TABLE: 'table',
  BATON_BUS: 'bus',
  BATON_STAGE: 'bench',
  BATON_CACHE_HOST: '127.0.0.1',
  BATON_CACHE_PORT: '1',
  BATON_CACHE_AUTH: 'none',
  BATON_RATE_LIMITS: 'off',
  BATON_SNOWFLAKE: '{"version":1,"epochSeconds":1659916800,"regionId":0}',
  AWS_REGION: 'local',
};

/** Of the process from its start, in CPU of all its threads. */
const TARGET_RATIO = 2.7;
const TARGET_KB = 600;

/**
 * How large each function's bundle is, and the CPU time of a fresh process until a handler is
 * imported: that of group-update and of an empty one, in turns, with the flags that are deployed
 * (`NODE_OPTIONS` is not set). From the start of the process, Node's own start included.
 */
export async function runColdStartBench(report: Report): Promise<void> {
  const { directory, bytes } = await buildFunctions({ root: process.cwd() });
  report.table({
    columns: ['function', 'KB'],
    rows: Object.entries(bytes).map(([name, size]) => [
      name,
      atMost(Math.round(size / 1000), TARGET_KB),
    ]),
  });
  const scratch = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  const empty = join(scratch, 'index.mjs');
  await writeFile(empty, 'export async function handler() {}\n');
  const starts = { empty: [] as Start[], whole: [] as Start[] };
  for (let round = 0; round < ROUNDS; round++) {
    starts.empty.push(await measureStart(empty));
    starts.whole.push(await measureStart(join(directory, 'group-update', 'index.mjs')));
  }
  await rm(scratch, { recursive: true });
  const of = (times: readonly Start[], what: keyof Start) =>
    median(times.map((start) => start[what]));
  for (const [name, times] of Object.entries(starts)) {
    report.time(
      `${name === 'empty' ? 'an empty handler' : 'group-update'}: ${of(times, 'processMs').toFixed(0)} ms of CPU from the start of the process, of which ${of(times, 'importMs').toFixed(0)} ms import`,
    );
  }
  const ratio = of(starts.whole, 'processMs') / of(starts.empty, 'processMs');
  report.table({
    columns: ['CPU until it is imported', 'times an empty handler'],
    rows: [['group-update', atMost(ratio, TARGET_RATIO)]],
  });
}

type Start = { readonly processMs: number; readonly importMs: number };

async function measureStart(file: string): Promise<Start> {
  const script = `
    const before = process.cpuUsage();
    await import(${JSON.stringify(file)});
    const { user, system } = process.cpuUsage();
    const all = user + system;
    process.stdout.write(JSON.stringify([all, all - before.user - before.system]));
    process.exit(0)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
  }
  if (printed === '') {
    throw new Error(`${file} could not be imported.`);
  }
  const [processUs, importUs]: [number, number] = JSON.parse(printed);
  return { processMs: processUs / 1000, importMs: importUs / 1000 };
}
