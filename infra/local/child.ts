/**
 * The runtime inside a function's child process: loads the deployed bundle as Lambda does, then answers one invocation
 * at a time. It ends when its parent does.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the parent sends. `payload` is JSON. */
export type InvokeMessage = {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
};

/** What the child answers: once when it is loaded, then once for each invocation. `payload` is JSON. */
export type ChildMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** An error in the form in which Lambda reports it. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** Written to stdout when an invocation is over, as Lambda does: all that it printed stands before. */
export const END_MARK = 'END RequestId: ';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

process.on('disconnect', () => process.exit(0));

const handler = await loadHandler().catch((error: unknown) => {
  send({ kind: 'error', error: describe(error) });
  return undefined;
});

if (handler) {
  process.on('message', (message: InvokeMessage) => void answer(handler, message));
  send({ kind: 'ready' });
}

async function loadHandler(): Promise<Handler> {
  const { LAMBDA_TASK_ROOT: root = '', _HANDLER: name = '' } = process.env;
  const dot = name.lastIndexOf('.');
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => join(root, name.slice(0, dot) + extension))
    .find(existsSync);
  if (!file) throw new Error(`Cannot find module '${name.slice(0, dot)}'`);
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = module[name.slice(dot + 1)];
  if (typeof found !== 'function') throw new Error(`${name} is undefined or not exported`);
  return found as Handler;
}

async function answer(
  run: Handler,
  { requestId, payload, deadlineMs }: InvokeMessage,
): Promise<void> {
  const { env } = process;
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: env.BATON_LOCAL_FUNCTION_ARN,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  let outcome: ChildMessage;
  try {
    const result = await run(JSON.parse(payload), context);
    outcome = { kind: 'result', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    outcome = { kind: 'error', error: describe(error) };
  }
  // The function's last line may lack its end.
  process.stdout.write(`\n${END_MARK}${requestId}\n`);
  send(outcome);
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

function send(message: ChildMessage): void {
  // A parent that is gone is noticed by the disconnect event.
  process.send?.(message, undefined, undefined, () => {});
}
