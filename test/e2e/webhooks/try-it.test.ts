import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { startTestStack } from '../../support/app.ts';
import { runScript } from '../../support/commands/run-script.ts';
import { blocksOf, commandsOf, curl, readPage } from '../../support/commands/shown-commands.ts';
import { repository } from '../../support/product-source.ts';
import { startReceiver } from '../../support/webhooks/receiver.ts';

/** What docs/webhooks.md has newcomers try on the local stack, done as they do it. */

const ADMIN = 'npm run admin -- ';
const SHOWN_URL = 'http://127.0.0.1:9000/';

const [, section = ''] = /## Try it\n([\s\S]*?)\n## /.exec(readPage('docs/webhooks.md')) ?? [];
const [allow = '', make = '', change = '', ...others] = commandsOf(section).filter(
  (command) => command !== 'npm start',
);
const printed = blocksOf(section).at(-1);

let stack: RunningStack;
let port: number;
beforeAll(async () => {
  stack = await startTestStack();
  // A port that is free a moment later, as far as one can know.
  const free = await startReceiver();
  port = Number(new URL(free.url).port);
  await free.stop();
});
afterAll(() => stack?.stop());

describe('what the page of receivers has people try', () => {
  it('shows a change in the receiver that stands there', async () => {
    expect(others).toEqual([]);
    expect(make).toContain(SHOWN_URL);
    const url = `http://127.0.0.1:${port}/`;
    expect(allow.startsWith(ADMIN)).toBe(true);
    const args = [...allow.slice(ADMIN.length).split(' '), '--url', stack.url];
    expect(await runScript('infra/admin/admin.ts', args)).toMatchObject({ code: 0 });
    const made = await curl(make.replace(SHOWN_URL, url), stack.url);
    const { secret } = (await made.json()) as { secret: string };

    const script = join(repository, 'docs/examples/webhooks/receive.mjs');
    const receiver = spawn(process.execPath, [script], {
      env: { PATH: process.env.PATH, WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    const line = async () => (await lines.next()).value;
    try {
      expect(await line()).toBe(`Receives webhooks at ${url}`);
      const forged = await fetch(url, { method: 'POST', body: '{"type":"webhook.ping"}' });
      expect(forged.status).toBe(401);
      expect((await curl(change, stack.url)).status).toBe(200);
      expect(await line()).toBe(printed);
    } finally {
      receiver.kill();
      await once(receiver, 'exit');
    }
  });
});
