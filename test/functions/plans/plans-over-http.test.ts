import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/domain/bulk/plan.ts';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { ROUTES } from '../../../shared/http/routes.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../../http/gateway-event.ts';
import { planned } from '../../operations/bulk/plans/plans.ts';
import { workOnAll } from '../../operations/bulk/workers.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { scoped } from '../../support/projects-over-http.ts';
import { scanAll, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const ISSUES = ['8001', '8002', '8003'];
const [one = '', two = '', three = ''] = ISSUES;

let world: TestWorld;
let operations: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `PLAN-${id}`, title: id })),
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  operations = (await import('../../../functions/operations/handler.ts')).handler;
});

const ACME = '/0/organizations/{org}';
type Asked = Partial<GatewayRequest>;
const at = (below: string, path: Record<string, string> = {}) => ({
  resource: `${ACME}/${below}`,
  path: { org: 'acme', ...path },
});
const post = (target: Pick<GatewayRequest, 'resource'> & Asked, body: unknown, asked: Asked = {}) =>
  send(operations, { method: 'POST', ...target, body: JSON.stringify(body), ...asked });
const get = (
  target: Pick<GatewayRequest, 'resource'> & Asked,
  query: GatewayRequest['query'] = {},
) => send(operations, { method: 'GET', ...target, query });

const posts = ROUTES.filter(({ method, function: of }) => method === 'POST' && of === 'operations');
const resolve = { status: 'resolved' };
const plan = (body: object, asked: Asked = {}) => post(at('plans'), body, asked);
const said = ({ statusCode, body }: Awaited<ReturnType<typeof send>>) => [statusCode, body];
const bodyOf = (answer: Awaited<ReturnType<typeof send>>) => answer.body as Record<string, unknown>;

describe('a plan of named issues', () => {
  it.each([
    ['numbers', [8001, '8002'], 2, []],
    ['short ids of any case', ['PLAN-8001', 'plan-8002'], 2, []],
    ['both', ['8001', 'PLAN-8002', 'PLAN-9'], 2, ['PLAN-9']],
    ['one issue by several names', ['8001', ' 8001 ', 8001, 'PLAN-8001', 'plan-8001'], 1, []],
    ['issues of another organization', ['901', 'PLANT-1', '8001'], 1, ['901', 'PLANT-1']],
    ['what can be no id', ['-1', '08001', '1e3', '9'.repeat(40)], 0, null],
  ])('takes %s', async (_, ids, count, notFound) => {
    const answer = await plan({ ids, update: resolve });
    expect(said(answer)).toEqual([
      201,
      expect.objectContaining({ count, notFound: notFound ?? ids }),
    ]);
  });

  it('takes 10,000 of them, and answers what it cannot hold', async () => {
    const ids = (length: number, text: string) =>
      Array.from({ length }, (_, index) => `${text}${index}`);
    const answers = [
      await plan({ ids: ids(10_000, '7'), update: resolve }),
      await plan({ ids: ids(10_001, '7'), update: resolve }),
      await plan({ ids: ids(8_000, `${'LONG'.repeat(28)}-`), update: resolve }),
      await plan({ ids: ['x'.repeat(129)], update: resolve }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 400, 400, 400]);
    expect(answers.slice(1).map(({ body }) => body)).toEqual([
      { ids: ['Name 1 to 10000.'] },
      { ids: ['8000 of them are not there, more than a plan can list.'] },
      { ids: ['0: Ensure this field has no more than 128 characters.'] },
    ]);
  });
});

describe('a request about plans', () => {
  it.each([
    [{ update: resolve }, { ids: ['Name the issues by ids or by query, and not by both.'] }],
    [
      { ids: [one], query: '', update: resolve },
      { ids: ['Name the issues by ids or by query, and not by both.'] },
    ],
    [{ ids: [], update: resolve }, { ids: ['Name 1 to 10000.'] }],
    [{ ids: [one], update: {} }, { update: ['Say what is to be changed.'] }],
    [{ ids: [one], update: { merge: 1 } }, { update: ['merge cannot be planned.'] }],
    [
      { ids: [one], update: { delete: true, status: 'resolved' } },
      { update: ['delete is true, and nothing is beside it.'] },
    ],
    [{ ids: [one], update: resolve, projects: [] }, { projects: ['Name 1 to 100.'] }],
    [
      { ids: [one], update: resolve, projects: ['shop', 'plant', '39'] },
      { projects: ['There is no project plant, 39 in this organization.'] },
    ],
    [{ ids: [one], update: resolve, notes: '' }, { notes: ['Unknown field.'] }],
    [
      { ids: [one], update: resolve, note: '\u{1F600}'.repeat(501) },
      { note: ['Ensure this field has no more than 500 characters.'] },
    ],
  ])('as %j is refused', async (body, refusal) => {
    expect(said(await plan(body))).toEqual([400, refusal]);
  });

  it('of any route knows no key that it does not say', async () => {
    const made = bodyOf(await plan({ ids: [one], update: resolve }));
    const other = bodyOf(await plan({ ids: [two], update: resolve }));
    const applied = bodyOf(await post(at('plans/{plan}/apply', { plan: String(made.id) }), {}));
    const path = {
      ...{ org: 'acme', project: 'shop' },
      ...{ plan: String(other.id), operation: String(applied.id) },
    };
    const before = await scanAll(world);
    expect(posts.length).toBeGreaterThan(5);
    for (const route of posts) {
      const answer = await post({ resource: route.path.slice(0, -1), path }, { force: true });
      expect([route.operation, ...said(answer)]).toEqual([
        ...[route.operation, 400],
        expect.objectContaining({ force: ['Unknown field.'] }),
      ]);
    }
    expect(await scanAll(world)).toEqual(before);
  });

  it('is not narrowed by its address, which would change more than was meant', async () => {
    const answer = await plan({ query: '', update: resolve }, { query: { project: ['site'] } });
    expect(said(answer)).toEqual([
      400,
      { detail: 'What this does cannot be narrowed by project: leave it out.' },
    ]);
  });

  it('that deletes needs event:admin when it is made and when it is applied', async () => {
    const authorizer = scoped('event:write');
    const body = { ids: [three], update: { delete: true } };
    const made = bodyOf(await plan(body));
    const apply = at('plans/{plan}/apply', { plan: String(made.id) });
    const refused = [await plan(body, { authorizer }), await post(apply, {}, { authorizer })];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  });
});

describe('what is shown', () => {
  it('of a frozen issue and of its outcome is named without an address', async () => {
    const made = bodyOf(await plan({ ids: [two], update: { assignedTo: 'bob@acme.io' } }));
    const bob = { type: 'user', id: '12', name: 'Bob' };
    const frozen = await get(at('plans/{plan}/issues', { plan: String(made.id) }));
    expect(frozen.body).toEqual([
      {
        issue: expect.objectContaining({ id: two }),
        before: { assignedTo: null },
        after: { assignedTo: bob },
        versions: { assignment: 0, status: 0 },
      },
    ]);
    const { id } = bodyOf(await post(at('plans/{plan}/apply', { plan: String(made.id) }), {}));
    await workOnAll(world);
    const outcomes = await get(at('operations/{operation}/issues', { operation: String(id) }));
    expect(outcomes.body).toMatchObject([{ outcome: 'applied', after: { assignedTo: bob } }]);
  });
});

describe('the list of plans', () => {
  const globex = { ...aliceAtAcme, organizations: '[{"id":"2","slug":"globex"}]' };
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();

  /** The plans of an organization, newest first: those that are applied outlive the others. */
  async function plansOfGlobex(states: readonly Plan['state'][]) {
    const template = await planned(world, ['1']);
    const plans = states.map((state, index): Plan => {
      const createdAt = hours(3 + index);
      const id = String(500 + index);
      return { ...template, organizationId: '2', id, state, createdAt, readyAt: createdAt };
    });
    for (const one of plans) {
      await world.stores.plans.insert(one, [], {});
    }
    return plans.filter(({ state }) => state === 'applied').map(({ id }) => id);
  }

  it('leads on behind plans whose time has run out, both ways', async () => {
    const gone = Array.from({ length: 12 }, () => 'ready' as const);
    const there = await plansOfGlobex([...gone, 'applied', ...gone, 'applied', 'ready', 'applied']);
    const pages: string[][] = [];
    let link = '';
    const page = async (cursor?: string) => {
      const query = { per_page: ['2'], ...(cursor === undefined ? {} : { cursor: [cursor] }) };
      const answer = await get({ ...at('plans', { org: 'globex' }), authorizer: globex }, query);
      link = String(answer.headers?.Link);
      return (answer.body as { id: string }[]).map(({ id }) => id);
    };
    const cursorOf = (rel: string) =>
      new RegExp(`rel="${rel}"; results="true"; cursor="([^"]+)"`).exec(link)?.[1];
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      pages.push(await page(next));
      next = cursorOf('next');
    }
    const seen = pages.flat().filter((id) => there.includes(id));
    expect(seen).toEqual(there);
    const back: string[] = [];
    for (let at = cursorOf('previous'); at !== undefined; at = cursorOf('previous')) {
      back.unshift(...(await page(at)));
    }
    expect([...back, ...(pages.at(-1) ?? [])].filter((id) => there.includes(id))).toEqual(there);
  });

  it('ends a page before it lists more missing ids than an answer holds', async () => {
    const template = await planned(world, ['1']);
    const notFound = Array.from({ length: 9_000 }, (_, index) => `${'9'.repeat(15)}${index}`);
    for (let index = 0; index < 25; index++) {
      await world.stores.plans.insert({ ...template, id: String(600 + index), notFound }, [], {});
    }
    const answer = await get(at('plans'));
    const shown = (answer.body as unknown[]).length;
    expect(shown).toBeGreaterThan(5);
    expect(shown).toBeLessThan(25);
    expect(JSON.stringify(answer.body).length).toBeLessThan(5_000_000);
    expect(answer.headers?.Link).toContain('rel="next"; results="true"');
  });
});
