import { type RunningStack, startStack } from '../../../../infra/local/stack.ts';
import { borrowCache } from '../../../support/stacks/borrowed-cache.ts';
import { type AppInput, writeAssembly } from './assembly.ts';

/**
 * A stack that runs a small app without a world, and with the cache that starts soonest: no test's
 * function uses it.
 */
export async function startApp(
  app: AppInput,
  options: { db?: string } = {},
): Promise<RunningStack & { lines: string[] }> {
  const { folder, remove } = await writeAssembly(app);
  const lines: string[] = [];
  const borrowed = await borrowCache('wasm');
  try {
    const stack = await startStack({
      ...options,
      world: false,
      cache: borrowed?.cache,
      assembly: folder,
      log: (line) => void lines.push(line),
    });
    const stop = async () => {
      await stack.stop();
      borrowed?.giveBack();
      remove();
    };
    return { ...stack, lines, stop };
  } catch (error) {
    borrowed?.giveBack();
    remove();
    throw error;
  }
}

/** What an AWS service of the stack answers. */
export async function callService(
  url: string,
  target: string,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20250101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The events that reached the bus. */
export async function events(stack: RunningStack): Promise<Record<string, unknown>[]> {
  return (await (await fetch(`${stack.url}/_local/events`)).json()) as Record<string, unknown>[];
}

/** Waits until nothing is in flight, and fails with what still is. */
export async function idle(stack: RunningStack): Promise<void> {
  const response = await fetch(`${stack.url}/_local/idle`);
  if (response.status !== 200) {
    throw new Error(await response.text());
  }
}
