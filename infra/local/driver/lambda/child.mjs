/**
 * The runtime in the child process of a function: loads the deployed bundle like Lambda, then runs
 * one invocation at a time. It ends with its parent. The messages are `InvokeMessage` and
 * `ChildMessage` of function-process.ts.
 *
 * It is JavaScript because stripping types would add 50 ms to each cold start.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { observeCalls } from './observe-calls.mjs';

const [endOfOutput, compileCache] = process.argv.slice(2);
/** What to do after the first invocation. */
let afterFirst = () => {};
if (compileCache) {
  enableCompileCache(compileCache);
  // The process is killed, and leaves the next one nothing unless it does so before.
  afterFirst = flushCompileCache;
}

process.on('disconnect', () => process.exit(0));

if (process.env.BATON_LOCAL_NETWORK !== undefined) {
  await import('./network-gate.mjs');
}
observeCalls((call) => send({ kind: 'call', call }));
const handler = await loadHandler().catch((error) => {
  send({ kind: 'error', error: describe(error) });
  return undefined;
});

if (handler) {
  process.on('message', (message) => void answer(message));
  send({ kind: 'ready' });
}

async function loadHandler() {
  const { LAMBDA_TASK_ROOT: root = '', _HANDLER: name = '' } = process.env;
  const dot = name.lastIndexOf('.');
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => join(root, name.slice(0, dot) + extension))
    .find(existsSync);
  if (!file) {
    throw new Error(`Cannot find module '${name.slice(0, dot)}'`);
  }
  const module = await import(pathToFileURL(file).href);
  const found = module[name.slice(dot + 1)];
  if (typeof found !== 'function') {
    throw new Error(`${name} is undefined or not exported`);
  }
  return found;
}

async function answer({ requestId, payload, deadlineMs }) {
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
  let outcome;
  try {
    const result = await handler(JSON.parse(payload), context);
    outcome = { kind: 'result', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    outcome = { kind: 'error', error: describe(error) };
  }
  // The last line of the function may lack its line break.
  process.stdout.write(`\n${endOfOutput}${requestId}\n`);
  send(outcome);
  afterFirst();
  afterFirst = () => {};
}

function describe(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error) };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

function send(message) {
  // If the parent is gone, the disconnect event ends this process.
  process.send(message, undefined, undefined, () => {});
}
