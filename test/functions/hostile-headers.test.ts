import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { aliceAtAcme, gatewayEvent, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { worldOnFreshTable } from '../support/world.ts';

const handlers = new Map<string, ApiHandler>();
let authorizer: typeof import('../../functions/authorizer/handler.ts').handler;

beforeAll(async () => {
  enterFunctionEnvironment(await worldOnFreshTable());
  Object.assign(process.env, { [ENV.rateLimits]: 'off' });
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    handlers.set(name, (await import(`../../functions/${name}/handler.ts`)).handler);
  }
  authorizer = (await import('../../functions/authorizer/handler.ts')).handler;
});

const long = 'a'.repeat(8_000);
const hosts = [
  ...['', ' ', '[', '[::1', '[::1]:99999999', 'a:99999', 'a:', ':80', '@', 'a@b', 'a/b', 'a?b'],
  ...['a b', 'a..b', '.', '-', '%', '%00', 'xn--a', '1.2.3.4.5', '0x', '999.1', 'é', '\u0000', '‮'],
  ...['"', '<', 'a,b', 'a;b', 'javascript:0', `${long}.example`, 'a.'.repeat(4_000)],
];
const anything = [
  '',
  ' ',
  ',',
  ';',
  '=',
  '"',
  '\\',
  '%',
  '\u0000',
  '\ud800',
  'é',
  '🙈',
  '-1',
  long,
];
const values: Readonly<Record<string, readonly string[]>> = {
  Host: hosts,
  'X-Forwarded-Host': hosts,
  'X-Forwarded-Proto': ['', 'http', 'http,https', 'javascript', long],
  'X-Forwarded-For': ['', 'unknown', '::::', `1.1.1.1,${long}`],
  'X-Forwarded-Port': ['', 'x', '-1', '99999'],
  Forwarded: ['for=', 'host=[', long],
  'Content-Type': [
    ...['', '/', ';', 'text/html', 'multipart/form-data', 'application/x-www-form-urlencoded'],
    ...['application/json; charset=utf-7', 'application/json;;', `application/${long}`, 'é/é'],
    'application/json '.repeat(400),
  ],
  'Content-Length': ['-1', '0', '1e9', 'x', '9'.repeat(40)],
  'Content-Encoding': ['gzip', 'br', 'nonsense'],
  'Transfer-Encoding': ['chunked', 'nonsense'],
  Authorization: [
    ...['Bearer', 'Bearer ', 'Bearer a b', 'Basic dTpw', 'bearer é', 'Bearer \u0000', '\ud800'],
    ...[`Bearer ${long}`, `Bearer${' '.repeat(8_000)}x`, `${'Bearer '.repeat(1_000)}`],
  ],
  Accept: ['', 'text/html', '*/*;q=', 'é', long],
  'Accept-Language': ['', '*', long],
  'Accept-Encoding': ['', 'gzip;q=x'],
  Cookie: ['', '=;=;', 'a=\u0001', `session=${long}`],
  Expect: ['100-continue', 'nonsense'],
  Range: ['bytes=-1', 'bytes=9-0'],
  'If-Match': [...anything, '*', '"', 'W/"a"', '"a","b"'],
  'If-None-Match': [...anything, '*', '"', 'W/"a"'],
  'If-Modified-Since': ['never'],
  'Idempotency-Key': anything,
  'X-HTTP-Method-Override': ['DELETE', long],
  'X-Hub-Signature-256': ['', 'sha256=', 'sha256=zz', long],
  'X-Gitlab-Token': anything,
  'webhook-signature': ['', 'v1,', 'v1,!', long],
  'webhook-timestamp': ['', 'x', '1e400'],
  Origin: ['null', long],
  'User-Agent': anything,
  ['__proto__']: anything,
  constructor: anything,
  toString: anything,
};
/** Sets of headers in which every value of every header comes up. */
const rounds = Array.from({ length: hosts.length }, (_, round) =>
  Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, list[round % list.length] ?? '']),
  ),
);

/**
 * Parameters of things that are there, for routes that read; writes are sent to what is not, so
 * that all stays.
 */
const there: Readonly<Record<string, string>> = {
  ...{ org: 'acme', project: '31', team: 'core', issue: '101', shortId: 'SHOP-1', member: '12' },
  ...{ id: '1', linkId: '1', provider: 'github', integrationId: '501' },
};
const notThere = Object.fromEntries(Object.keys(there).map((name) => [name, '987654']));
const isRead = (method: string) => method === 'GET' || method === 'PUT';

async function answerTo(
  route: (typeof ROUTES)[number],
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const handler = handlers.get(route.function);
  if (handler === undefined) {
    throw new Error(`There is no function ${route.function}.`);
  }
  const answer = await send(handler, {
    method: route.method,
    resource: route.path.replace(/\/$/, ''),
    path: isRead(route.method) ? there : { ...notThere, org: 'acme' },
    headers,
    body: route.method === 'GET' ? null : '{}',
  });
  return answer.statusCode;
}

describe('no header makes an answer the service’s own fault', () => {
  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_, route) => {
      const statuses = await Promise.all(rounds.map((headers) => answerTo(route, headers)));
      const faults = rounds.filter((_, round) => (statuses[round] ?? 500) >= 500);
      expect(faults.map(({ Host }) => Host)).toEqual([]);
    },
  );

  it('nor do several of them together, whatever they hold', async () => {
    const headers = fc.dictionary(
      fc.constantFrom(...Object.keys(values)),
      fc.oneof(
        fc.constantFrom(...Object.values(values).flat()),
        fc.string({ unit: 'binary', maxLength: 100 }),
      ),
      { maxKeys: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ROUTES), headers, async (route, given) => {
        expect(await answerTo(route, given)).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  it.each(values.Authorization ?? [])('nor makes the authorizer throw: %s', async (value) => {
    const methodArn = 'arn:aws:execute-api:eu-west-1:1:api/api/GET/0/';
    const event = gatewayEvent({ resource: '/0', headers: { Authorization: value } });
    const verdict = await authorizer({ ...event, type: 'REQUEST', methodArn } as never);
    expect(verdict.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
  });
});

describe('the address of the service in an answer', () => {
  const keysOf = async (headers: Readonly<Record<string, string>>, domainName: string) => {
    const event = gatewayEvent({
      resource: '/0/projects/{org}/{project}/keys',
      path: there,
      headers,
      authorizer: aliceAtAcme,
    });
    Object.assign(event.requestContext, { domainName });
    const answer = await handlers.get('directory-read')?.(event, {} as Context);
    return JSON.parse(answer?.body ?? '')[0].dsn.public.replace(/^.*@/, '');
  };

  it.each([
    ['a host with a port', 'baton.example:8787', 'gateway.example', 'baton.example:8787/31'],
    ['an address in brackets', '[::1]:80', 'gateway.example', '[::1]/31'],
    ['a port that there is not', 'a:99999', 'gateway.example', 'gateway.example/31'],
    ['half an address', '[', 'gateway.example', 'gateway.example/31'],
    ['no host, where the gateway has no better name', '[', '[', 'localhost/31'],
  ])('is said for %s', async (_, Host, domainName, expected) => {
    expect(await keysOf({ Host }, domainName)).toBe(expected);
  });
});
