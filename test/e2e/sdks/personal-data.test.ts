import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';

/** What SDKs can know of a person, each with a word of its own that nothing else has in it. */
const PERSON = {
  user: {
    ...{ id: 'quillon-id', email: 'quillon@mail.example', username: 'quillon-name' },
    ...{ name: 'quillon-full', data: { plan: 'quillon-plan' } },
  },
  ...{ ip: '203.0.113.77', forwarded: '203.0.113.78', host: 'quillon-host' },
  ...{ card: 'quillon-card', iban: 'quillon-iban', typed: 'quillon-typed', local: 'quillon-local' },
  ...{ cause: 'first line\nquillon-cause', file: 'quillon-file', attached: 'quillon-attached' },
  request: {
    url: 'https://quillon-login:quillon-secret@shop.example/pay?q=quillon-query#quillon-hash',
    ...{ query_string: 'q=quillon-query', cookies: { session: 'quillon-cookie' } },
    ...{ headers: { Authorization: 'Bearer quillon-token' }, data: { note: 'quillon-note' } },
    env: { REMOTE_ADDR: '203.0.113.79' },
  },
};
const OF_A_PERSON = /quillon|203\.0\.113\.\d+/g;

let stack: RunningStack;
let api: Api;
const lines: string[] = [];
beforeAll(async () => {
  stack = await startTestStack({ verbose: true, log: (line) => lines.push(line) });
  api = apiOf(stack.url);
});
afterAll(() => stack?.stop());

/** An event as an SDK for Python makes it, of parts that the one for Node does not send. */
const byHand = {
  level: 'error',
  exception: {
    values: [
      {
        ...{ type: 'Handmade', value: `First line\n${PERSON.card}` },
        stacktrace: {
          frames: [
            {
              ...{ filename: 'app/cart.py', function: 'pay', in_app: true },
              ...{ vars: { of: PERSON.local }, context_line: `pay("${PERSON.card}")` },
              ...{ pre_context: [PERSON.card], post_context: [PERSON.card] },
            },
            { filename: PERSON.request.url, abs_path: PERSON.request.url, in_app: true },
          ],
        },
      },
    ],
  },
  threads: { values: [{ name: PERSON.local, current: true, held_locks: { of: PERSON.local } }] },
  ...{ user: PERSON.user, request: PERSON.request, extra: { card: PERSON.card } },
  logentry: { message: 'of %s', params: [PERSON.card], formatted: `of ${PERSON.card}` },
  transaction: '/pay?q=quillon-query',
  breadcrumbs: { values: [{ message: PERSON.typed }] },
  contexts: { trace: { data: { of: PERSON.iban } }, device: { name: PERSON.host } },
  ...{ server_name: PERSON.host, modules: { of: PERSON.local }, extra_of_tomorrow: PERSON.card },
  tags: { region: 'eu' },
};

async function sendAll(): Promise<void> {
  const [key] = (await api.get('/api/0/projects/acme/shop/keys/')).body;
  const script = fileURLToPath(new URL('../../support/sdk/person.mjs', import.meta.url));
  const args = [script, key.dsn.public, JSON.stringify(PERSON)];
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  const withKey = `store/?sentry_key=${key.id}`;
  expect(await send(withKey, JSON.stringify(byHand))).toBe(200);
  // What is refused may leave no more than what is taken.
  const envelope = `envelope/?sentry_key=${key.id}`;
  expect(await send(withKey, `${JSON.stringify(byHand)} and no JSON`)).toBe(400);
  expect(await send('store/?sentry_key=nobody', JSON.stringify(byHand))).toBe(404);
  expect(await send(envelope, '{"a":"quillon"}\n{"type":"event"}\n["quillon"]')).toBe(400);
  expect(await send(envelope, '{"a":"quillon"}\n{"type":"feedback"}\n{"a":"quillon"}')).toBe(200);
  await api.put('/_local/faults', [{ kind: 'throttle', operation: 'BatchGetItem', calls: 100 }]);
  expect(await send(withKey, JSON.stringify(byHand))).toBe(503);
  await api.put('/_local/faults', []);
  await api.idle();
}

async function send(path: string, body: string): Promise<number> {
  const response = await fetch(`${stack.url}/api/31/${path}`, {
    method: 'POST',
    headers: {
      ...{ 'X-Forwarded-For': PERSON.forwarded, Cookie: 'a=quillon-cookie' },
      ...{ 'User-Agent': 'quillon-browser', Referer: PERSON.request.url },
    },
    body,
  });
  await response.text();
  return response.status;
}

async function itemsOfTable(): Promise<string[]> {
  const client = new DynamoDBClient({
    endpoint: stack.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const found: string[] = [];
  const pages = { client: DynamoDBDocumentClient.from(client) };
  for await (const { Items = [] } of paginateScan(pages, { TableName: stack.table })) {
    found.push(...Items.map((item) => JSON.stringify(item)));
  }
  client.destroy();
  return found;
}

/** Everything in the cache, by the commands that read each type. */
async function entriesOfCache(): Promise<string[]> {
  const redis = new Redis(stack.redis);
  const readers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    set: (key) => redis.smembers(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    zset: (key) => redis.zrange(key, '0', '-1'),
  };
  const keys = await redis.keys('*');
  const entries = await Promise.all(
    keys.map(async (key) => {
      const read = readers[await redis.type(key)] ?? expect.fail(`No reader for ${key}.`);
      return JSON.stringify([key, await read(key)]);
    }),
  );
  redis.disconnect();
  return entries;
}

it('what SDKs know of a person is in no row, event, cache entry, line of the log or answer', async () => {
  await sendAll();
  const { body: issues } = await api.get('/api/0/organizations/acme/issues/?query=');
  const titles = issues.map(({ title }: { title: string }) => title);
  expect(titles).toEqual(
    expect.arrayContaining(['Handmade: First line', 'Error: Checkout failed']),
  );
  const answers = await Promise.all(
    issues.flatMap(({ id }: { id: string }) =>
      ['', 'events/', 'events/latest/', 'tags/', 'hashes/', 'activities/'].map((path) =>
        api.get(`/api/0/organizations/acme/issues/${id}/${path}`),
      ),
    ),
  );
  const [table, cache, events] = await Promise.all([
    itemsOfTable(),
    entriesOfCache(),
    api.events().then((all) => all.map((event) => JSON.stringify(event))),
  ]);
  const walked = {
    table,
    cache,
    events,
    lines,
    answers: answers.map((one) => JSON.stringify(one)),
  };

  // Each is really walked: what is kept of the events is found there.
  const kept = { table: 'Handmade', events: 'Handmade', answers: 'Handmade', lines: '[envelope]' };
  for (const [name, word] of Object.entries(kept)) {
    const all = walked[name as keyof typeof walked];
    expect(all.filter((text) => text.includes(word)).length, name).toBeGreaterThan(0);
  }
  expect(cache.length).toBeGreaterThan(0);
  for (const [name, all] of Object.entries(walked)) {
    expect(
      all.flatMap((text) => text.match(OF_A_PERSON) ?? []),
      name,
    ).toEqual([]);
  }
});
