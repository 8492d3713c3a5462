import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { causesOf, type InFlight, NO_ROOTS, type Roots } from '../services/in-flight.ts';
import { type Observe, unobserved } from '../services/observation.ts';
import { type FunctionProcess, type Outcome, startFunctionProcess } from './function-process.ts';
import { createWaitingLine } from './waiting-line.ts';

/** The maximum size of an event and of a response. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
const MAX_CHILDREN = 4;
/**
 * How long the invocation of a service waits for a process that runs: as long as another one takes
 * to load, which costs as much CPU. Most invocations are over before.
 */
const PATIENCE_MS = 100;

/** A function of the template. */
export type FunctionDefinition = {
  /** The name without the prefix of the stage, for messages. */
  readonly name: string;
  readonly arn: string;
  /** The folder of its bundle. */
  readonly folder: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly timeoutMs: number;
  /**
   * The variables in the template with the replacements of the driver. `AWS_SESSION_TOKEN` is added
   * for each child process.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
};

export type InvokeOptions = {
  roots?: Roots;
  /** False for background work of a schedule, which `/_local/idle` does not wait for. */
  counted?: boolean;
  /** Whether it may wait for a process that runs already, since no caller waits for its answer. */
  patient?: boolean;
};

/** A warm child process, and the version of the code that it has loaded. */
type Child = {
  readonly process: FunctionProcess;
  readonly token: string;
  readonly codeVersion: number;
};

export type LocalFunction = ReturnType<Functions['get']>;
export type Functions = ReturnType<typeof createFunctions>;

type FunctionsOptions = {
  inFlight: InFlight;
  onLine: (functionName: string, line: string, stream: 'stdout' | 'stderr') => void;
  observe?: Observe;
  /** The name of the function to debug: it has one process, and no timeouts. */
  inspect?: string | undefined;
};

/** Runs functions in child processes. Each function has a pool of them, started on demand. */
export function createFunctions(options: FunctionsOptions) {
  const { inFlight, onLine, inspect, observe = unobserved } = options;
  const pools = new Map<string, ReturnType<typeof createPool>>();
  /**
   * The roots of the current invocation of each child process, which signs its calls with its own
   * session token, as in Lambda.
   */
  const rootsByToken = new Map<string, Roots>();
  const rootsOf = (token: string | undefined): Roots => rootsByToken.get(token ?? '') ?? NO_ROOTS;
  let stopped = false;

  function createPool(definition: FunctionDefinition) {
    const { name } = definition;
    const isInspected = name === inspect;
    const maxChildren = isInspected
      ? 1
      : Math.min(MAX_CHILDREN, definition.reservedConcurrency ?? MAX_CHILDREN);
    let { environment } = definition;
    let codeVersion = 0;
    const live = new Set<FunctionProcess>();
    const idle: Child[] = [];
    const line = createWaitingLine<Child>();

    const spawn = (): Child => {
      if (stopped) {
        throw new Error('The local stack is stopping.');
      }
      const token = randomBytes(12).toString('hex');
      const started = startFunctionProcess({
        environment: { ...environment, AWS_SESSION_TOKEN: token },
        timeoutMs: isInspected ? null : definition.timeoutMs,
        inspect: isInspected,
        onLine: (line, stream) => onLine(name, line, stream),
        onCall: (call) =>
          observe({ what: 'call', causes: causesOf(rootsOf(token)), caller: name, call }),
        onGone: () => {
          live.delete(started);
          const index = idle.findIndex((one) => one.process === started);
          if (index >= 0) {
            idle.splice(index, 1);
          }
          line.give(undefined);
        },
      });
      live.add(started);
      return { process: started, token, codeVersion };
    };

    const hasRoom = () => live.size < maxChildren;
    const mayWait = (patient: boolean) => !hasRoom() || (patient && live.size > 0);
    const outwaited = async () => {
      await Promise.all([...live].map(({ loaded }) => loaded));
      await delay(PATIENCE_MS, undefined, { ref: false });
    };
    const freed = () => line.wait(hasRoom() ? outwaited() : undefined);

    const acquire = async (patient: boolean): Promise<Child> =>
      idle.pop() ?? (mayWait(patient) ? ((await freed()) ?? acquire(false)) : spawn());

    const release = (child: Child) => {
      if (child.process.isGone()) {
        return;
      }
      if (child.codeVersion !== codeVersion) {
        return void child.process.stop();
      }
      if (!line.give(child)) {
        idle.push(child);
      }
    };

    if (isInspected) {
      idle.push(spawn());
    }

    return {
      name,
      arn: definition.arn,
      maxConcurrency: maxChildren,
      /** Invokes the function. Never rejects. */
      async invoke(event: unknown, options: InvokeOptions = {}) {
        const { roots = NO_ROOTS, counted = true, patient = false } = options;
        const work = inFlight.begin(`invocation of ${name}`, roots, counted);
        try {
          const payload = JSON.stringify(event);
          if (stopped) {
            return failed(
              'ServiceException',
              'The local stack is stopping and takes no more invocations.',
            );
          }
          if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
            return tooLarge('RequestTooLarge');
          }
          const child = await acquire(patient);
          rootsByToken.set(child.token, roots);
          const outcome = await child.process.invoke({ requestId: randomUUID(), payload });
          rootsByToken.delete(child.token);
          release(child);
          return checked(name, outcome);
        } catch (error) {
          // The child process could not be started.
          return checked(name, failed('ServiceException', String(error)));
        } finally {
          work.end();
        }
      },
      /** Uses the bundle in this folder for new invocations; running ones end with the old one. */
      reload(folder: string): void {
        environment = { ...environment, LAMBDA_TASK_ROOT: folder };
        codeVersion += 1;
        for (const { process } of idle.splice(0)) {
          void process.stop();
        }
        if (isInspected && live.size === 0) {
          idle.push(spawn());
        }
      },
      stop: () => Promise.all([...live].map((process) => process.stop())),
    };
  }

  function checked(name: string, outcome: Outcome): Outcome {
    if (outcome.ok && Buffer.byteLength(outcome.payload) > MAX_PAYLOAD_BYTES) {
      return tooLarge('Function.ResponseSizeTooLarge');
    }
    // Processes that `stop` kills are not errors.
    if (!outcome.ok && !stopped) {
      const { errorType, errorMessage, trace } = outcome.error;
      onLine(name, trace?.join('\n') ?? `${errorType}: ${errorMessage}`, 'stderr');
    }
    return outcome;
  }

  return {
    add(definition: FunctionDefinition): void {
      pools.set(definition.arn, createPool(definition));
    },
    /**
     * The function with this ARN.
     *
     * @throws Error when there is none
     */
    get(arn: string) {
      const pool = pools.get(arn);
      if (!pool) {
        throw new Error(`The template has no function ${arn}.`);
      }
      return pool;
    },
    has: (arn: string) => pools.has(arn),
    /** The names of all functions. */
    names: () => [...pools.values()].map(({ name }) => name),
    /** Makes a function use the bundle in another folder. */
    reload(name: string, folder: string): void {
      for (const pool of pools.values()) {
        if (pool.name === name) {
          pool.reload(folder);
        }
      }
    },
    /** The roots of the current invocation of the child process with this session token. */
    rootsOf,
    /** Kills all child processes; from now on every invocation fails. */
    async stop(): Promise<void> {
      stopped = true;
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

function tooLarge(errorType: string): Outcome {
  return failed(errorType, `The payload is larger than ${MAX_PAYLOAD_BYTES} bytes.`);
}

function failed(errorType: string, errorMessage: string): Outcome {
  return { ok: false, error: { errorType, errorMessage } };
}
