import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { methodsOf } from '../../shared/http/routes/methods.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { type Answer, type Api, apiOf } from '../support/api.ts';
import { ALLOWED_ORIGINS, startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

const [origin, another] = ALLOWED_ORIGINS;
/** What the gateway's own refusals name where several origins are allowed: it compares none. */
const ANY = '*';
const world = worldFile();
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

const from = (page: string) => ({ headers: { Origin: page } });
const FILLED: Readonly<Record<string, string>> = {
  org: 'acme',
  project: 'shop',
  team: 'core',
  issue: '101',
  shortId: 'SHOP-1',
  member: '12',
  key: 'tags',
};
/** All that asks for a secret: SDKs send what they have from pages of every origin. */
const SECRET = ROUTES.filter(({ access }) => access !== 'client key');
const addressOf = (path: string) =>
  `/api${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => FILLED[name] ?? '42')}`;

function expectReadable({ headers }: Answer, page: string, what: string): void {
  expect(headers.get('access-control-allow-origin'), what).toBe(page);
  expect(headers.get('access-control-expose-headers'), what).toMatch(/\bETag\b.*\bLink\b/);
  expect(headers.get('vary'), what).toBe('Origin');
}

function expectSilent({ headers }: Answer, what: string): void {
  const names = [...headers.keys()].filter((name) => name.startsWith('access-control'));
  expect(names, what).toEqual([]);
}

it('every path says without a token what pages of an allowed origin may send', async () => {
  for (const path of new Set(SECRET.map((route) => route.path))) {
    const asked = {
      token: null,
      headers: {
        Origin: another,
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    };
    const answer = await api.call('OPTIONS', addressOf(path), asked);
    expect([path, answer.status, answer.body]).toEqual([path, 204, undefined]);
    const methods = methodsOf(ROUTES, path).join(', ');
    expect(answer.headers.get('allow'), path).toBe(methods);
    expect(answer.headers.get('access-control-allow-methods'), path).toBe(methods);
    expect(answer.headers.get('access-control-allow-headers'), path).toBe(
      'Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Sentry-Auth, baggage, sentry-trace',
    );
    expectReadable(answer, another, path);
    const stranger = { ...asked, headers: { ...asked.headers, Origin: 'https://evil.example' } };
    expectSilent(await api.call('OPTIONS', addressOf(path), stranger), path);
  }
});

it('what answers GET answers HEAD, with the same status and headers and no body', async () => {
  const ofTheCall =
    /^(date|content-length|connection|keep-alive|x-(request-id|amzn.*|sentry-rate-limit-.*))$/;
  const lasting = ({ headers }: Answer) =>
    Object.fromEntries([...headers].filter(([name]) => !ofTheCall.test(name)));
  let found = 0;
  for (const { path } of ROUTES.filter(({ method }) => method === 'GET')) {
    const [get, head] = [
      await api.call('GET', addressOf(path), from(origin)),
      await api.call('HEAD', addressOf(path), from(origin)),
    ];
    expect([path, head.status, head.body]).toEqual([path, get.status, undefined]);
    expect(lasting(head), path).toEqual(lasting(get));
    expectReadable(head, origin, path);
    found += get.status === 200 ? 1 : 0;
    if (get.headers.has('etag')) {
      const held = { headers: { 'If-None-Match': get.headers.get('etag') ?? '' } };
      expect((await api.call('HEAD', addressOf(path), held)).status, path).toBe(304);
    }
  }
  expect(found).toBeGreaterThan(25);
});

it('a page of an allowed origin reads every refusal, and one of another origin none of a function', async () => {
  for (const { method, path, access } of SECRET) {
    const what = `${method} ${path}`;
    const missing = addressOf(path.replaceAll('{org}', 'nowhere').replaceAll('{issue}', '999999'));
    const body = method === 'GET' ? {} : { body: '{' };
    expectReadable(await api.call(method, missing, { ...from(origin), ...body }), origin, what);
    expectSilent(await api.call(method, missing, { ...from('null'), ...body }), what);
    const anonymous = await api.call(method, addressOf(path), { ...from(another), token: null });
    expect(anonymous.status, what).toBe(401);
    // What needs a token is refused by the gateway, the rest by its function.
    expectReadable(anonymous, access === 'token' ? ANY : another, what);
  }
});

it.each([
  ['a token that nobody has', 401, '/api/0/organizations/', { token: 'baton_nobody' }],
  ['no token', 401, '/api/0/organizations/', { token: null }],
  ['no such path', 404, '/api/0/nowhere/', {}],
] as const)(
  'the gateway’s own refusal is read by any page, and says nothing of anybody: %s',
  async (_, status, path, options) => {
    const answer = await api.call('GET', path, { ...options, ...from(origin) });
    const stranger = await api.call('GET', path, { ...options, ...from('https://evil.example') });
    expect([answer.status, stranger.status]).toEqual([status, status]);
    expectReadable(answer, ANY, path);
    expect(stranger.body).toEqual(answer.body);
    // What any page may read is read without cookies.
    expect(stranger.headers.get('access-control-allow-credentials')).toBeNull();
  },
);
