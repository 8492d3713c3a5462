import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../../infra/local/driver/lambda/function-process.ts';
import {
  createFunctions,
  type InvokeOptions,
} from '../../../../../infra/local/driver/lambda/functions.ts';
import { createInFlight } from '../../../../../infra/local/driver/services/in-flight.ts';

const ARN = 'arn:aws:lambda:local:000000000000:function:greeter';
const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) {
    await undo();
  }
});

function folderWith(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-function-'));
  cleanup.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.mjs'), source);
  return folder;
}

function startGreeter(source: string, options: { inspect?: string; timeoutMs?: number } = {}) {
  const lines: string[] = [];
  let onLine: (line: string) => void = () => {};
  const functions = createFunctions({
    inFlight: createInFlight(),
    onLine: (_, line) => {
      lines.push(line);
      onLine(line);
    },
    inspect: options.inspect,
  });
  cleanup.push(() => functions.stop());
  const folder = folderWith(source);
  functions.add({
    name: 'greeter',
    arn: ARN,
    folder,
    handler: 'index.handler',
    timeoutMs: options.timeoutMs ?? 10_000,
    environment: { LAMBDA_TASK_ROOT: folder, _HANDLER: 'index.handler' },
    reservedConcurrency: undefined,
  });
  const lineWith = (text: string) =>
    new Promise<string>((resolve) => {
      onLine = (line) => line.includes(text) && resolve(line);
      const found = lines.find((line) => line.includes(text));
      if (found !== undefined) {
        resolve(found);
      }
    });
  const invoke = (more: InvokeOptions = {}) => functions.get(ARN).invoke({}, more);
  return { functions, invoke, lineWith };
}

const saying = (word: string) => `export const handler = async () => '${word}';`;

describe('a function that is reloaded', () => {
  it('answers with its new code, also where it was warm', async () => {
    const { functions, invoke } = startGreeter(saying('before'));
    expect(await invoke()).toEqual({ ok: true, payload: '"before"' });
    functions.reload('greeter', folderWith(saying('after')));
    expect(await invoke()).toEqual({ ok: true, payload: '"after"' });
  });

  it('finishes what runs on the old code', async () => {
    const { functions, invoke, lineWith } = startGreeter(`
      export const handler = async () => {
        console.log('it runs');
        await fetch('http://127.0.0.1:9/').catch(() => {});
        return 'before';
      };`);
    const running = invoke();
    await lineWith('it runs');
    functions.reload('greeter', folderWith(saying('after')));
    expect(await running).toEqual({ ok: true, payload: '"before"' });
    expect(await invoke()).toEqual({ ok: true, payload: '"after"' });
  });

  it('is left as it was where another name is meant', async () => {
    const { functions, invoke } = startGreeter(saying('before'));
    functions.reload('somebody-else', folderWith(saying('after')));
    expect(await invoke()).toEqual({ ok: true, payload: '"before"' });
  });
});

describe('invocations at the same time', () => {
  const pids = (outcomes: readonly Outcome[]) => [
    ...new Set(outcomes.map((outcome) => (outcome.ok ? outcome.payload : outcome.error))),
  ];

  it('have a process each where a caller waits for the answer', async () => {
    const { invoke } = startGreeter('export const handler = async () => process.pid;');
    expect(pids(await Promise.all([invoke(), invoke()]))).toHaveLength(2);
  });

  it('of services share the process that loads, which costs more than what they wait for', async () => {
    const { invoke } = startGreeter('export const handler = async () => process.pid;');
    const patient = { patient: true };
    expect(pids(await Promise.all([invoke(patient), invoke(patient)]))).toHaveLength(1);
  });

  it('of services have a process each where the first one waits for the second', async () => {
    const { functions } = startGreeter(`
      import { existsSync, writeFileSync } from 'node:fs';
      import { setImmediate } from 'node:timers/promises';
      const isThere = (name) => existsSync(process.env.LAMBDA_TASK_ROOT + '/' + name);
      export const handler = async ({ name, other }) => {
        writeFileSync(process.env.LAMBDA_TASK_ROOT + '/' + name, '');
        while (!isThere(other)) await setImmediate();
        return process.pid;
      };`);
    const meet = (name: string, other: string) =>
      functions.get(ARN).invoke({ name, other }, { patient: true });
    expect(pids(await Promise.all([meet('a', 'b'), meet('b', 'a')]))).toHaveLength(2);
  });

  it('that wait when the stack stops fail, and start nothing', async () => {
    const { functions, invoke, lineWith } = startGreeter(
      `export const handler = () => { console.log('it runs'); return new Promise(() => setInterval(() => {}, 1e6)); };`,
    );
    const running = [invoke({ patient: true }), invoke({ patient: true })];
    await lineWith('it runs');
    await functions.stop();
    expect((await Promise.all(running)).map(({ ok }) => ok)).toEqual([false, false]);
  });
});

describe('a function that is inspected', () => {
  it('lets a debugger in before its first invocation, and has no time limit', async () => {
    const { invoke, lineWith } = startGreeter(
      `globalThis.marker = 'in the function';
       export const handler = () => new Promise((resolve) => { globalThis.finish = resolve; });`,
      { inspect: 'greeter', timeoutMs: 1 },
    );
    const line = await lineWith('Debugger listening on ');
    const socket = new WebSocket(line.slice(line.indexOf('ws://')));
    cleanup.push(() => socket.close());
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    const running = invoke();
    const evaluate = (expression: string) =>
      new Promise<unknown>((resolve) => {
        socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data))), {
          once: true,
        });
        socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
      });
    // The invocation may not have reached the handler yet: the debugger asks until it has.
    const finish = `globalThis.finish?.('told by the debugger')`;
    let outcome: unknown;
    void running.then((value) => {
      outcome = value;
    });
    while (outcome === undefined) {
      await evaluate(finish);
    }
    expect(outcome).toEqual({ ok: true, payload: '"told by the debugger"' });
    expect(await evaluate('globalThis.marker')).toMatchObject({
      result: { result: { value: 'in the function' } },
    });
  });
});
