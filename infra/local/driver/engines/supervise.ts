import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The shell that runs an engine. Its stdin ends with this process (even after a SIGKILL, as the
 * kernel closes the pipe); it then kills the engine and removes the scratch folder. Descriptor 3 is
 * a copy of stdin, because a shell without job control gives background commands /dev/null as
 * stdin. Its own output goes to /dev/null: the message about the killed job would go into a closed
 * pipe and end the shell before it has cleaned up.
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
  /** Ends the engine; resolves when it has exited and its scratch folder is removed. */
  stop(): Promise<void>;
};

type EngineStart = {
  /** The name of the engine in errors. */
  name: string;
  command: string;
  args: string[];
  /** The working folder of the engine, removed when it ends. */
  scratch?: string | undefined;
  /**
   * Called repeatedly with the output of the engine so far, until it returns true. An exception
   * means false.
   */
  isReady: (output: string) => Promise<boolean>;
  readyTimeoutMs: number;
};

/**
 * Starts an engine that ends with this process; resolves when it is ready.
 *
 * @throws Error with the output of the engine when it ends early or is not ready in time
 */
export async function startEngine(start: EngineStart): Promise<Engine> {
  const shell = spawn(
    '/bin/sh',
    ['-c', SUPERVISOR, 'sh', start.scratch ?? '', start.command, ...start.args],
    // Its own session, so that Ctrl-C does not reach the engine before this process is done with
    // it.
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
  // `close` and not `exit`: after it, all output of the engine has arrived.
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

/** A TCP port of the loopback interface that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('The system assigned no free TCP port.');
  }
  return address.port;
}

/**
 * Runs `start` with two free ports, and again with others when it fails: another process may take a
 * port before the engine listens on it.
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
