import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SeenCall } from '../services/observation.ts';

/**
 * The time that Lambda allows for loading a function. One that needs more is loaded once more
 * within its first invocation, so that it has the time of that too.
 */
const INIT_TIMEOUT_MS = 10_000;
/** The remaining time that a function without a timeout is given. */
const ONE_DAY_MS = 86_400_000;
const CHILD_SCRIPT = fileURLToPath(new URL('child.mjs', import.meta.url));

/**
 * The begin of the line after the output of an invocation, as in the logs of Lambda. The id of the
 * request follows.
 */
const END_OF_OUTPUT = 'END RequestId: ';

/** A message to the child process. `payload` is JSON. */
type InvokeMessage = {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
};

/**
 * A message of the child process: one after it has loaded the function, then one after each
 * invocation, and one for each call that the function makes. `payload` is JSON.
 */
type ChildMessage = { readonly kind: 'call'; readonly call: SeenCall } | StateMessage;

type StateMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** An error in the format of Lambda. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** The result of an invocation. `payload` is the JSON that the handler returned. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** A warm child process of a function. */
export type FunctionProcess = ReturnType<typeof startFunctionProcess>;

type ProcessOptions = {
  /** The environment of the child process, which inherits none. */
  environment: Readonly<Record<string, string>>;
  /** Null for no timeout, neither of loading nor of an invocation. */
  timeoutMs: number | null;
  /** Listens for a debugger on a free port of the loopback interface and prints its address. */
  inspect?: boolean;
  /** Called for each line that the function prints, but not for the line after an invocation. */
  onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Called for each call that the function makes, when it has been answered. */
  onCall?: (call: SeenCall) => void;
  /** Called once when the process has ended or is about to. It takes no more invocations. */
  onGone: () => void;
};

/** Starts a child process for a function. The first invocation waits until it has loaded. */
export function startFunctionProcess({
  environment,
  timeoutMs,
  inspect = false,
  onLine,
  onCall = () => {},
  onGone,
}: ProcessOptions) {
  // Where this process keeps what it has compiled, the function does too.
  const { NODE_COMPILE_CACHE = '' } = process.env;
  const child = fork(CHILD_SCRIPT, [END_OF_OUTPUT, NODE_COMPILE_CACHE], {
    env: { ...environment },
    execArgv: inspect ? ['--inspect=127.0.0.1:0'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let gone = false;
  let onMessage: (message: StateMessage) => void = () => {};
  let onExit: (reason: string) => void = () => {};
  let onEndOfOutput: (requestId: string) => void = () => {};

  const leave = (reason: string) => {
    if (!gone) {
      onGone();
    }
    gone = true;
    onExit(reason);
  };
  child.on('message', (message: ChildMessage) =>
    message.kind === 'call' ? onCall(message.call) : onMessage(message),
  );
  child.on('error', (error) => leave(error.message));
  child.on('exit', (code, signal) =>
    leave(signal === null ? `exit status ${code}` : `signal: ${signal}`),
  );
  readLines(child, (line, stream) => {
    if (line.startsWith(END_OF_OUTPUT)) {
      onEndOfOutput(line.slice(END_OF_OUTPUT.length));
    } else if (line !== '') {
      onLine(line, stream);
    }
  });

  const loaded = new Promise<FunctionError | undefined>((resolve) => {
    const limitMs = timeoutMs === null ? null : INIT_TIMEOUT_MS + timeoutMs;
    const timer = startTimer(limitMs, (ms) =>
      resolve(failure('Sandbox.Timedout', `The function took more than ${ms / 1_000} s to load.`)),
    );
    const finish = (error: FunctionError | undefined) => {
      clearTimeout(timer);
      resolve(error);
    };
    onMessage = (message) => finish(message.kind === 'error' ? message.error : undefined);
    onExit = (reason) => finish(exited(reason));
  });

  const kill = () => {
    child.kill('SIGKILL');
    leave('signal: SIGKILL');
  };

  const run = (invocation: Omit<InvokeMessage, 'deadlineMs'>): Promise<Outcome> =>
    new Promise((resolve) => {
      let printedAll = false;
      let outcome: Outcome | undefined;
      const finish = (final: Outcome) => {
        clearTimeout(timer);
        resolve(final);
      };
      const timer = startTimer(timeoutMs, (limitMs) => {
        finish({ ok: false, error: timedOut(invocation.requestId, limitMs) });
        kill();
      });
      // All output, which includes metrics, is read before the invocation ends.
      const finishWhenComplete = () => {
        if (printedAll && outcome) {
          finish(outcome);
        }
      };
      onEndOfOutput = (requestId) => {
        printedAll ||= requestId === invocation.requestId;
        finishWhenComplete();
      };
      onMessage = (message) => {
        outcome = outcomeOf(message) ?? outcome;
        finishWhenComplete();
      };
      onExit = (reason) => finish(outcome ?? { ok: false, error: exited(reason) });
      const deadlineMs = Date.now() + (timeoutMs ?? ONE_DAY_MS);
      child.send({ ...invocation, deadlineMs }, (error) => {
        if (error) {
          leave(error.message);
        }
      });
    });

  return {
    /** Runs one invocation; the caller must not start another one meanwhile. Never rejects. */
    async invoke(invocation: Omit<InvokeMessage, 'deadlineMs'>): Promise<Outcome> {
      const error = gone ? exited('the process has ended') : await loaded;
      if (!error) {
        return run(invocation);
      }
      kill();
      return { ok: false, error };
    },
    isGone: () => gone,
    /** Resolves when the function has loaded, or cannot any more. */
    loaded,
    /** Kills the process; resolves when it has exited. */
    async stop(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) {
        return;
      }
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

/** Undefined for a message that is not the result of an invocation. */
function outcomeOf(message: StateMessage): Outcome | undefined {
  switch (message.kind) {
    case 'ready':
      return undefined;
    case 'result':
      return { ok: true, payload: message.payload };
    case 'error':
      return { ok: false, error: message.error };
  }
}

function readLines(
  child: ChildProcess,
  onLine: (line: string, stream: 'stdout' | 'stderr') => void,
): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const input = child[name];
    if (input) {
      createInterface({ input }).on('line', (line) => onLine(line, name));
    }
  }
}

function startTimer(
  ms: number | null,
  onTimeout: (ms: number) => void,
): NodeJS.Timeout | undefined {
  return ms === null ? undefined : setTimeout(() => onTimeout(ms), ms);
}

function timedOut(requestId: string, limitMs: number): FunctionError {
  const seconds = (limitMs / 1000).toFixed(2);
  return failure('Sandbox.Timedout', `${requestId} Task timed out after ${seconds} seconds`);
}

function exited(reason: string): FunctionError {
  return failure('Runtime.ExitError', `Runtime exited: ${reason}`);
}

function failure(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage };
}
