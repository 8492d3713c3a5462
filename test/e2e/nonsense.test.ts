import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningStack, startStack } from '../../infra/local/stack.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { type Api, apiOf } from '../support/api.ts';
import { randomOf } from '../support/random.ts';
import { worldFile } from '../support/world-file.ts';

const world = worldFile();
const { seed } = randomOf('nonsense.test.ts');
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startStack({ world: world.path, rateLimits: false });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

const plausible: Record<string, string[]> = {
  org: ['acme', '1', 'globex'],
  project: ['shop', '31', 'plant', 'site'],
  team: ['core', '21', 'ops'],
  issue: ['101', 'SHOP-1', '201', '901'],
  shortId: ['SHOP-1', 'PLANT-1'],
  member: ['12', '13', 'me'],
  id: ['1', '77'],
  provider: ['github', 'nobody'],
  integrationId: ['501', '9'],
  linkId: ['1'],
};

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
          { weight: 3, arbitrary: fc.constantFrom(...(plausible[name] ?? ['1'])) },
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
    ),
    text,
  ),
  { maxLength: 4 },
);

it('whatever is asked, the answer is never the service’s own fault', async () => {
  const request = fc
    .constantFrom(...ROUTES)
    .chain((route) =>
      fc.record({ method: fc.constant(route.method), path: path(route.path), query, body }),
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
          return { method: one.method, address, body: one.body, status };
        }),
      );
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    }),
    { seed, numRuns: Number(process.env.RUNS ?? 80), endOnFailure: true },
  );
});
