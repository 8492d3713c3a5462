import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';

const KEYS = '/api/0/projects/acme/shop/keys/';
let stack: RunningStack;
let api: Api;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  api = apiOf(stack.url);
  folder = mkdtempSync(join(tmpdir(), 'baton-page-'));
  const raw = 'path:*/sdk/node.mjs #core\npath:*/assets/cart-*.js bob@acme.io';
  const saved = await api.put('/api/0/projects/acme/shop/ownership/', { raw });
  expect(saved.status).toBe(200);
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true });
});

const scriptNamed = (name: string) =>
  fileURLToPath(new URL(`../../support/sdk/${name}.mjs`, import.meta.url));

/** Runs a script with a DSN, by default that of the first key that `keys/` hands out. */
async function run(script: string, words: readonly string[], dsn?: string): Promise<void> {
  const [key] = (await api.get(KEYS)).body;
  const args = [scriptNamed(script), dsn ?? key.dsn.public, ...words];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  await once(child, 'exit');
}

/** Bundles the script of a page as it is deployed under a name with a hash, and opens the page. */
async function openPage(hash: string, version: string, order: string): Promise<void> {
  const outfile = join(folder, `cart-${hash}.js`);
  await build({
    ...{ entryPoints: [scriptNamed('browser')], outfile, bundle: true, minify: true },
    ...{ format: 'iife', platform: 'browser', banner: { js: `/* ${version} */\n` } },
  });
  await run('page', [order, outfile, 'https://shop.example/cart?for=someone@example.com']);
}

async function issuesNamed(title: string) {
  const { body } = await api.get('/api/0/organizations/acme/issues/?query=&limit=100');
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire holds.
  return body.filter((issue: any) => issue.title.startsWith(title));
}

it('an exception that a script throws is an issue with an owner, and the next one is the same issue', async () => {
  await run('node', ['4711']);
  await run('node', ['4712']);
  await api.idle();
  const [issue, ...others] = await issuesNamed('TypeError: No card for order');
  expect(others).toEqual([]);
  expect(issue).toMatchObject({
    title: expect.stringMatching(/^TypeError: No card for order 471[12]$/),
    assignedTo: { type: 'team', name: 'core' },
    count: '2',
    userCount: 1,
    project: { slug: 'shop' },
  });
  const told = await api.events('group.seen');
  expect(told.map(({ detail }) => detail.event)).toEqual([
    expect.objectContaining({ tags: expect.arrayContaining([['region', 'eu']]) }),
    expect.objectContaining({ release: 'shop@1.2.3', environment: 'production' }),
  ]);
  expect(JSON.stringify(told)).not.toContain('someone@example.com');
});

it('an exception of a page is an issue with an owner, and of its next build the same issue', async () => {
  await openPage('BZ3kQ9xa', '1', '7');
  await openPage('D-8_wq2Z', 'the second build\n', '8');
  await api.idle();
  expect(await issuesNamed('RangeError: No cart')).toEqual([
    expect.objectContaining({
      assignedTo: expect.objectContaining({ email: 'bob@acme.io' }),
      count: '2',
      userCount: 1,
    }),
  ]);
  const ofPages = (await api.events('group.seen')).filter(
    ({ detail }) => detail.platform === 'javascript',
  );
  expect(ofPages.map(({ detail }) => detail.event.request)).toEqual(
    [1, 2].map(() => ({ url: 'https://shop.example/cart' })),
  );
});

it('an SDK that is told of the limit of its key sends no more errors', async () => {
  const rateLimit = { count: 1, window: 86_400 };
  const { body: key } = await api.post(KEYS, { name: 'Busy', rateLimit });
  const before = await api.counted('envelope.events');
  await run('busy', ['5'], key.dsn.public);
  await api.idle();
  expect((await api.counted('envelope.events')) - before).toBe(1);
  expect(await api.counted('envelope.limited')).toBe(1);
});

/** Sends an envelope as a page of any origin does: without a token, the key in the query. */
function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) {
  return fetch(`${stack.url}${path}`, {
    method: 'POST',
    headers: { Origin: 'https://anywhere.example', ...headers },
    body,
  });
}

it('packed bytes arrive, pages of every origin may read the answer, and what is sent twice counts once', async () => {
  const [{ id }] = (await api.get(KEYS)).body;
  const eventId = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
  const envelope = `{"event_id":"${eventId}"}\n{"type":"event"}\n{"message":"The till is empty: ü"}\n`;
  const packed = new Uint8Array(gzipSync(envelope));
  for (const _ of [1, 2]) {
    const answer = await post(`/api/31/envelope/?sentry_key=${id}&sentry_version=7`, packed, {
      'Content-Encoding': 'gzip',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { id: eventId }]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://anywhere.example');
  }
  await api.idle();
  expect(await issuesNamed('The till')).toEqual([
    expect.objectContaining({ title: 'The till is empty: ü', count: '1' }),
  ]);
});

it('a page may ask before it names its key in a header', async () => {
  const answer = await fetch(`${stack.url}/api/31/store/`, {
    method: 'OPTIONS',
    headers: { Origin: 'null', 'Access-Control-Request-Method': 'POST' },
  });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, 'null']);
  expect(answer.headers.get('access-control-allow-headers')).toContain('X-Sentry-Auth');
});

it('a key takes no more than its limit, says when it will, and nothing once it is disabled', async () => {
  const rateLimit = { count: 1, window: 86_400 };
  const { body: key } = await api.post(KEYS, { name: 'Limited', rateLimit });
  const send = () =>
    post('/api/31/store/', '{"message":"Limited"}', {
      'X-Sentry-Auth': `Sentry sentry_version=7, sentry_key=${key.id}`,
    });
  expect((await send()).status).toBe(200);
  const refused = await send();
  expect(refused.status).toBe(429);
  const seconds = refused.headers.get('retry-after');
  expect(Number(seconds)).toBeGreaterThan(0);
  expect(refused.headers.get('x-sentry-rate-limits')).toBe(`${seconds}:error:key`);
  expect(refused.headers.get('access-control-expose-headers')).toContain('X-Sentry-Rate-Limits');
  await api.put(`${KEYS}${key.id}/`, { isActive: false });
  expect((await send()).status).toBe(403);
});

it.each([
  ['without a key', '/api/31/store/', 401],
  ['under a key that nobody has', '/api/31/store/?sentry_key=nobody', 404],
])('an event %s is refused', async (_, path, status) => {
  expect((await post(path, '{}')).status).toBe(status);
});
