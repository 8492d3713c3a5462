import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { format } from 'node:util';
import { repository } from '../product-source.ts';

/** How a command ended, and what it printed. */
export type CommandResult = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

type ScriptInput = {
  readonly env?: Readonly<Record<string, string>>;
  /** The text on its standard input. */
  readonly input?: string;
};

/** Runs a script of the repository as a process of its own, with a text on its standard input. */
export function runScript(
  script: string,
  args: readonly string[],
  { env = {}, input = '' }: ScriptInput = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  // One that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, ...printed }));
  });
}

let runs = 0;

/**
 * Runs a script that ends by itself in this process: its entry anew, with what it imports as an
 * earlier run has left it. Loading that takes a process of its own 0.5 s of CPU. One at a time: the
 * script has this process's arguments, environment, input and output.
 */
export async function runScriptHere(
  script: string,
  args: readonly string[],
  { env = {}, input = '' }: ScriptInput = {},
): Promise<CommandResult> {
  const { argv, env: before, stdin, exitCode } = process;
  const { log, error } = console;
  const { write } = process.stderr;
  const printed = { stdout: '', stderr: '' };
  const text = Readable.from(input === '' ? [] : [input]);
  process.argv = [process.execPath, join(repository, script), ...args];
  process.env = { ...before, ...env };
  process.exitCode = undefined;
  Object.defineProperty(process, 'stdin', { value: text, configurable: true });
  console.log = (...words) => {
    printed.stdout += `${format(...words)}\n`;
  };
  console.error = (...words) => {
    printed.stderr += `${format(...words)}\n`;
  };
  process.stderr.write = (chunk: string | Uint8Array) => {
    printed.stderr += chunk;
    return true;
  };
  try {
    runs += 1;
    await import(/* @vite-ignore */ `${join(repository, script)}?run=${runs}`);
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    Object.assign(console, { log, error });
    process.stderr.write = write;
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    Object.assign(process, { argv, env: before, exitCode });
  }
}
