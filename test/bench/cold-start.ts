import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../infra/build.ts';
import { median } from './median.ts';

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

/**
 * How large each function's bundle is, and how long a fresh process takes until a handler is
 * imported: that of group-update and an empty one, in turns. From the start of the process, as a
 * caller waits for it.
 */
export async function runColdStartBench(print: (line: string) => void): Promise<number> {
  const { directory, bytes } = await buildFunctions({ root: process.cwd() });
  for (const [name, size] of Object.entries(bytes)) {
    print(`${name.padEnd(22)} ${(size / 1024).toFixed(0).padStart(5)} KB`);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  const empty = join(scratch, 'index.mjs');
  await writeFile(empty, 'export async function handler() {}\n');
  const times = { empty: [] as Start[], whole: [] as Start[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.empty.push(await timeStart(empty));
    times.whole.push(await timeStart(join(directory, 'group-update', 'index.mjs')));
  }
  await rm(scratch, { recursive: true });
  const of = (starts: readonly Start[], what: keyof Start) =>
    median(starts.map((start) => start[what]));
  const ratio = of(times.whole, 'processMs') / of(times.empty, 'processMs');
  for (const [name, starts] of Object.entries(times)) {
    print(
      `${name === 'empty' ? 'an empty handler' : 'group-update'}: ${of(starts, 'processMs').toFixed(0)} ms from the start of the process, of which ${of(starts, 'importMs').toFixed(0)} ms import`,
    );
  }
  print(`ratio ${ratio.toFixed(2)}`);
  return ratio;
}

type Start = { readonly processMs: number; readonly importMs: number };

async function timeStart(file: string): Promise<Start> {
  const script = `const s = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - s)); process.exit(0)`;
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
  }
  const importMs = Number(printed);
  if (printed === '' || Number.isNaN(importMs)) {
    throw new Error(`${file} could not be imported.`);
  }
  return { processMs: performance.now() - startMs, importMs };
}
