import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { type Api, apiOf } from '../support/api.ts';
import { operationsOf, writtenDocument } from '../support/api-document.ts';
import { startTestStack } from '../support/app.ts';
import { randomOf } from '../support/random.ts';
import { worldFile } from '../support/world-file.ts';

const world = worldFile();
const { seed } = randomOf('nonsense.test.ts');
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

const plausible: Record<string, string[]> = {
  org: ['acme', '1', 'globex'],
  project: ['shop', '31', 'plant', 'site'],
  projectId: ['31', '39', 'shop'],
  team: ['core', '21', 'ops'],
  issue: ['101', 'SHOP-1', '201', '901'],
  shortId: ['SHOP-1', 'PLANT-1'],
  member: ['12', '13', 'me'],
  note: ['1', '42'],
  key: ['abc', '0123456789abcdef0123456789abcdef'],
  id: ['1', '77'],
  provider: ['github', 'nobody'],
  integration: ['501', '9'],
  integrationId: ['501', '9'],
  externalUser: ['1'],
  externalTeam: ['1'],
  link: ['1'],
  operation: ['1', '77'],
  plan: ['1', '77'],
  tag: ['environment', 'release'],
  version: ['1', '7'],
  webhook: ['1', '9'],
  delivery: ['1764000000000-told', '1'],
};

/** A new parameter of a path has to say what it takes. */
function valuesOf(name: string): readonly string[] {
  return plausible[name] ?? expect.fail(`What may stand for {${name}} in a path?`);
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('-1', '0', '9'.repeat(40), '%', '..', '\u0000', '🙈', "' OR 1=1", 'null'),
);

/** A route with its parameters filled in, sensibly or not. */
const path = (template: string) =>
  fc
    .tuple(
      ...[...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...valuesOf(name)) },
          { weight: 1, arbitrary: text.filter((value) => value !== '' && !/^\.+$/.test(value)) },
        ),
      ),
    )
    .map((values) => {
      let next = 0;
      return template.replaceAll(/\{\w+\}/g, () =>
        encodeURIComponent((values[next++] ?? '').toWellFormed()),
      );
    });

const field = fc.constantFrom(
  'assignedTo',
  'status',
  'substatus',
  'statusDetails',
  'hasSeen',
  'isPublic',
  'ignoreDuration',
  'snoozeDuration',
  'merge',
  'discard',
  'priority',
  'name',
  'slug',
  'platform',
  'teams',
  'options',
  'user',
  'role',
  'raw',
  'codeMapping',
  'autoAssignment',
  'event',
  'commit',
  'integrationId',
  'key',
  'config',
  'alerts',
  'copy_from_project',
  'title',
  'repo',
  'project',
  'externalIssue',
  'text',
  'mentions',
  'email',
  'orgRole',
  'url',
  'events',
  'projects',
  'batch',
  'enabled',
  'since',
  'teamRoles',
  'dryRun',
  '__proto__',
); // prettier-ignore
const body = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue(),
  fc.dictionary(field, fc.oneof(fc.jsonValue({ maxDepth: 2 }), text), { maxKeys: 5 }),
);
const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      'id',
      'query',
      'cursor',
      'limit',
      'project',
      'sort',
      'expand',
      'status',
      'plan',
      'action',
      'externalIssue',
      'statsPeriod',
      'state',
      'outcome',
    ),
    text,
  ),
  { maxLength: 4 },
);

/** The statuses that the API document has for each operation. */
const documented = new Map(
  operationsOf(writtenDocument()).map(({ operationId, responses }) => [
    operationId,
    Object.keys(responses),
  ]),
);

it('whatever is asked, the answer is documented and never the service’s own fault', async () => {
  const request = fc.constantFrom(...ROUTES).chain((route) =>
    fc.record({
      operation: fc.constant(route.operation),
      method: fc.constant(route.method),
      path: path(route.path),
      query,
      body,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 8, maxLength: 8 }), async (requests) => {
      const answers = await Promise.all(
        requests.map(async (one) => {
          const parameters = new URLSearchParams(
            one.query.map(([name, value]): [string, string] => [name, value.toWellFormed()]),
          );
          const address = `/api${one.path}?${parameters}`;
          const hasBody = one.method !== 'GET' && one.body !== undefined;
          const { status } = await api.call(one.method, address, hasBody ? { body: one.body } : {});
          return { ...one, address, status };
        }),
      );
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      const unforeseen = answers.filter(
        ({ operation, status }) => !documented.get(operation)?.includes(String(status)),
      );
      expect(unforeseen).toEqual([]);
    }),
    { seed, numRuns: Number(process.env.RUNS ?? 80), endOnFailure: true },
  );
});

/**
 * Sends bytes as they are, and answers the status line's number; 0 for a connection that was closed
 * without one.
 */
function rawStatus(request: string): Promise<number> {
  const { hostname, port } = new URL(stack.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.end(request, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1] ?? 0)));
  });
}

it.each([
  ['a port beyond all ports', ['Host: a:99999']],
  ['half an address', ['Host: [']],
  ['an empty host', ['Host:']],
  ['no host', []],
  ['two hosts', ['Host: a', 'Host: [']],
  ['letters of another script', ['Host: \xe9\xff', 'Cookie: \xe9']],
  ['more than its body', ['Host: a', 'Content-Length: 999']],
  ['less than its body', ['Host: a', 'Content-Length: 1']],
  ['a length that is none', ['Host: a', 'Content-Length: -1']],
  ['chunks that are none', ['Host: a', 'Transfer-Encoding: chunked']],
  ['an upgrade', ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket']],
  ['an expectation', ['Host: a', 'Expect: nonsense']],
  ['a very long value', ['Host: a', `X-Long: ${'a'.repeat(200_000)}`]],
  ['a name that is none', ['Host: a', 'b ad: 1']],
])('a request whose headers say %s is never the service’s own fault', async (_, lines) => {
  const end = ['Authorization: Bearer baton_local_alice', 'Connection: close', '', '{}'];
  for (const [method, target] of [
    ['GET', '/api/0/projects/acme/shop/keys/'],
    ['GET', '/api/0/organizations/acme/issues/'],
    ['PUT', '/api/0/projects/acme/shop/'],
    ['POST', '/api/0/extensions/github/webhook/501/'],
  ]) {
    expect(
      await rawStatus([`${method} ${target} HTTP/1.1`, ...lines, ...end].join('\r\n')),
    ).toBeLessThan(500);
  }
});
