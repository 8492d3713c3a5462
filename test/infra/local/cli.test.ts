import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../../infra/local/driver/services/local-api.ts';
import { parseOptions } from '../../../infra/local/options.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions([])).toEqual({
      port: 8787,
      world: undefined,
      db: undefined,
      json: false,
      verbose: false,
      rateLimits: true,
      vpc: false,
      watch: false,
      inspect: undefined,
    });
  });

  it('are what was said', () => {
    const world = fileURLToPath(import.meta.url);
    const args = ['--port', '0', '--world', world, '--db', 'a.db', '--json', '--verbose'];
    const more = ['--no-rate-limits', '--vpc', '--watch', '--inspect', 'group-update'];
    expect(parseOptions([...args, ...more])).toEqual({
      port: 0,
      world,
      db: 'a.db',
      json: true,
      verbose: true,
      rateLimits: false,
      vpc: true,
      watch: true,
      inspect: 'group-update',
    });
  });
});

describe('npm start', () => {
  it.each([
    ['an unknown option', ['--nonsense'], "Unknown option '--nonsense'"],
    ['a word too many', ['now'], "Unexpected argument 'now'"],
    ['a port that is no number', ['--port', 'http'], '--port takes a number from 0 to 65535'],
    ['a port that is none', ['--port', '65536'], '--port takes a number from 0 to 65535'],
    ['a world that is not there', ['--world', '/no/such.json'], 'There is no world /no/such.json'],
    ['no name for the table', ['--db', ''], '--db takes the path of a file'],
  ])('answers %s with a sentence and the usage', async (_, args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('Usage: npm start');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--no-rate-limits');
  });

  it('says that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run(['--port', String(port), '--json']);
    other.close();
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(`Port ${port} is in use. Choose another one: npm start -- --port N`);
  });

  it('runs the whole app until it is told to stop, leaves nothing behind, and keeps the table; as does npm when it gets a SIGINT', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-test-cli-'));
    const args = ['--port', '0', '--json', '--db', join(folder, 'table.db')];
    const child = start(args);
    const stack = await firstLine(child.stdout);
    expect(Object.keys(stack)).toEqual([
      'url',
      'dynamodb',
      'table',
      'redis',
      'eventbridge',
      'bus',
      'token',
    ]);
    const issues = `${stack.url}/api/0/projects/acme/shop/issues/?id=101`;
    expect((await fetch(issues, { method: 'PUT' })).status).toBe(401);
    const assigned = await fetch(issues, {
      method: 'PUT',
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
      body: '{"assignedTo":"team:21"}',
    });
    expect(assigned.status).toBe(200);
    expect((await fetch(`${stack.url}/_local/idle`)).status).toBe(200);

    expect(await stop(child)).toBe(0);
    for (const url of [stack.url, stack.dynamodb, stack.redis.replace('redis:', 'http:')]) {
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    }

    const second = npmStart(args);
    const again = await firstLine(second.stdout);
    expect(again.token).toBe(stack.token);
    const issue = await fetch(`${again.url}/api/0/issues/101/`, {
      headers: { authorization: `Bearer ${again.token}` },
    });
    expect(await issue.json()).toMatchObject({ id: '101', assignedTo: { type: 'team', id: '21' } });
    await expectToEndWithAll(second, again.url, 'SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what it is doing and where it is, and ends with all of it when npm gets a SIGTERM', async () => {
    const npm = npmStart(['--port', '0'], 'pipe');
    let told = '';
    npm.stderr?.on('data', (chunk) => {
      told += chunk;
    });
    const greeting = await linesUntil(npm.stdout, 'Ctrl-C stops it.');
    expect(told).toBe(
      'Starting a cache and a table, and building the functions.\nWriting the rows of acme.json.\n',
    );
    const url = /^Baton is at +(\S+)\/api\/0\/$/m.exec(greeting)?.[1] ?? '';
    expect(greeting).toContain(`\nits page      ${url}/_local/\n`);
    expect(greeting).toMatch(/^a token +baton_local_alice$/m);
    const [, key, host] = /^a DSN +http:\/\/([0-9a-f]{32})@(\S+)\/31 /m.exec(greeting) ?? [];
    expect(key).toBeDefined();
    expect(host).toBe(new URL(url).host);
    await expectToEndWithAll(npm, url, 'SIGTERM');
  });
});

/** Sends the signal to npm; expects that everything below it ends. */
async function expectToEndWithAll(npm: ChildProcess, url: string, signal: NodeJS.Signals) {
  const started = descendantsOf(npm.pid ?? 0);
  expect(started.length).toBeGreaterThan(2);
  npm.kill(signal);
  await once(npm, 'exit');
  await gone(started);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
}

function npmStart(args: readonly string[], stderr: 'pipe' | 'inherit' = 'inherit') {
  return spawn('npm', ['start', '--silent', '--', ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', stderr],
  });
}

describe('the scripts of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it.each(Object.entries(scripts))(
    '%s leaves no shell between npm and what it runs',
    (_, script) => {
      expect(script.split('&&').at(-1)?.trim()).toMatch(/^([A-Z_]+=\w+ )*exec /);
    },
  );
});

/** The processes that a process has started, and those that they have, as the kernel lists them. */
function descendantsOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((entry) => /^[0-9]+$/.test(entry))
      .map((entry) => [Number(entry), parentOf(Number(entry))]),
  );
  const found: number[] = [];
  let generation = [pid];
  while (generation.length > 0) {
    generation = [...parents]
      .filter(([, parent]) => parent !== undefined && generation.includes(parent))
      .map(([child]) => child);
    found.push(...generation);
  }
  return found;
}

/** Undefined for a process that is not there, or has ended and waits for nobody but its parent. */
function parentOf(pid: number): number | undefined {
  try {
    const [state, parent] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** Waits until none of these processes is there. */
async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => parentOf(pid) !== undefined)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function stop(child: ChildProcess): Promise<number> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code;
}

function start(args: readonly string[]) {
  return spawn(process.execPath, ['infra/local/start.ts', ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(args: readonly string[]) {
  const child = start(args);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** What is printed up to this line. */
async function linesUntil(stdout: NodeJS.ReadableStream | null, last: string): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout ?? Readable.from([]) })) {
    lines.push(line);
    if (line === last) {
      return lines.join('\n');
    }
  }
  throw new Error(`It ended before it was ready: ${lines.join('\n')}`);
}

async function firstLine(stdout: NodeJS.ReadableStream | null): Promise<Stack> {
  for await (const line of createInterface({ input: stdout ?? Readable.from([]) })) {
    return JSON.parse(line);
  }
  throw new Error('It ended before it was ready.');
}
