import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../../infra/local/local-api.ts';
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
    });
  });

  it('are what was said', () => {
    const world = fileURLToPath(import.meta.url);
    const args = ['--port', '0', '--world', world, '--db', 'a.db', '--json', '--verbose'];
    expect(parseOptions([...args, '--no-rate-limits'])).toEqual({
      port: 0,
      world,
      db: 'a.db',
      json: true,
      verbose: true,
      rateLimits: false,
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

  it('says in a sentence that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run(['--port', String(port), '--json']);
    other.close();
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(`Port ${port} is taken. Choose another one: npm start -- --port N`);
  });

  it('runs the whole app until it is told to stop, and leaves nothing behind', async () => {
    const child = start(['--port', '0', '--json']);
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
    expect((await fetch(`${stack.url}/_local/idle`)).status).toBe(200);

    const projects = `${stack.url}/api/0/projects/`;
    const asked = await fetch(projects, { headers: { authorization: `Bearer ${stack.token}` } });
    expect(asked.status).toBe(200);
    const anonymous = await fetch(projects);
    expect(anonymous.status).toBe(401);
    expect(await anonymous.json()).toEqual({
      detail: 'Authentication credentials were not provided.',
    });

    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    for (const url of [stack.url, stack.dynamodb, stack.redis.replace('redis:', 'http:')]) {
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    }
  });
});

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

async function firstLine(stdout: NodeJS.ReadableStream): Promise<Stack> {
  for await (const line of createInterface({ input: stdout })) return JSON.parse(line);
  throw new Error('It ended before it was ready.');
}
