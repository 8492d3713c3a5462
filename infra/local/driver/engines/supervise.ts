import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The shell that stands between us and an engine. It reads its stdin, which ends when this process
 * ends, however it ends (a kill -9 included: the kernel closes the pipe), and then kills the engine
 * and removes its scratch folder. A background command of a shell without job control gets
 * /dev/null as stdin, hence the copy on descriptor 3. The shell itself is silent: its note that a
 * job was killed would go into a closed pipe, and end it before it cleans up.
 */
const SUPERVISOR = `
scratch=$1; shift
exec 3<&0
"$@" 3<&- &
engine=$!
exec >/dev/null 2>&1
( while read -r _; do :; done; kill -9 $engine ) <&3 &
watcher=$!
wait $engine
status=$?
kill $watcher
[ -z "$scratch" ] || rm -rf -- "$scratch"
exit $status
`;

const PORT_ATTEMPTS = 3;
const POLL_MS = 10;
const OUTPUT_TAIL_CHARACTERS = 2_000;

/** A running engine. */
export type Engine = {
  /** Ends the engine and resolves when it is gone and its scratch folder is removed. */
  stop(): Promise<void>;
};

type EngineStart = {
  /** What the engine is called in an error. */
  name: string;
  command: string;
  args: string[];
  /** A folder of the engine's own, removed when it ends. */
  scratch?: string | undefined;
  /**
   * Asked again and again, with what the engine has printed so far, until it says yes. May throw:
   * that is a no.
   */
  isReady: (output: string) => Promise<boolean>;
  readyTimeoutMs: number;
};

/**
 * Starts an engine that cannot outlive this process, and resolves when it is ready.
 *
 * @throws Error with the last output of the engine when it ends early or is not ready in time.
 */
export async function startEngine(start: EngineStart): Promise<Engine> {
  const shell = spawn(
    '/bin/sh',
    ['-c', SUPERVISOR, 'sh', start.scratch ?? '', start.command, ...start.args],
    // A session of its own: Ctrl-C in a terminal is for us, the engine goes after we have finished
    // with it.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const keepTail = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_TAIL_CHARACTERS);
  };
  shell.stdout.on('data', keepTail);
  shell.stderr.on('data', keepTail);
  shell.stdin.on('error', () => {});
  let isGone = false;
  // Not `exit`: when the streams are closed too, the engine is gone and all that it printed has
  // arrived.
  const ended = once(shell, 'close').then(() => {
    isGone = true;
  });
  const stop = async () => {
    shell.stdin.end();
    await ended;
  };

  const deadline = Date.now() + start.readyTimeoutMs;
  for (;;) {
    const isReady = await start.isReady(output).catch(() => false);
    if (isGone) {
      throw new Error(`${start.name} ended before it was ready: ${output.trim()}`);
    }
    if (isReady) {
      return { stop };
    }
    if (Date.now() > deadline) {
      await stop();
      throw new Error(
        `${start.name} was not ready after ${start.readyTimeoutMs} ms: ${output.trim()}`,
      );
    }
    await delay(POLL_MS);
  }
}

/** A TCP port of the loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('No free port was given.');
  }
  return address.port;
}

/**
 * Runs `start` with two free ports, and again with others when it fails: between the moment a port
 * is seen free and the moment the engine listens on it, somebody else may take it.
 */
export async function onFreePorts<T>(
  start: (port: number, otherPort: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const otherPort = await freePort();
    try {
      return await start(port, otherPort);
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) {
        throw error;
      }
    }
  }
}
