import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { dryRun } from '../../../infra/api-document/answers/dry-run.ts';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { scoped } from '../../support/projects-over-http.ts';
import { scanAll, smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const ISSUES = Array.from({ length: 120 }, (_, index) => String(5_000 + index));
/** Held by bob, by core, by nobody, and linked to a tracker that is told of everything. */
const [byBob = '', byCore = '', free = '', linked = ''] = ISSUES;

let world: TestWorld;
let change: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['integrations-issue-sync', 'discard-groups'],
    })),
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `TRY-${id}`, title: `Try ${id}` })),
    assignments: [
      { group: byBob, assignedTo: 'user:12' },
      { group: byCore, assignedTo: 'team:21' },
      { group: linked, assignedTo: 'user:12' },
    ],
    integrations: [tracker('501', true), tracker('502', false)],
    links: [
      { group: linked, integration: '501', key: 'acme/shop#1' },
      { group: linked, integration: '502', key: 'acme/shop#2' },
    ],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  change = (await import('../../../functions/group-update/handler.ts')).handler;
});

function tracker(id: string, forward: boolean) {
  return {
    ...{
      id,
      organization: 'acme',
      provider: 'github' as const,
      name: id,
      secretRef: `local/${id}`,
    },
    baseUrl: 'https://api.github.com',
    config: { sync_forward_assignment: forward, sync_status_forward: forward },
  };
}

type Query = Record<string, readonly string[]>;
const many = { resource: '/0/organizations/{org}/issues', path: { org: 'acme' } };
const one = (issue: string) => ({
  resource: '/0/organizations/{org}/issues/{issue}',
  path: { org: 'acme', issue },
});

type Asked = Partial<GatewayRequest> & { readonly query?: Query };
const put = (body: unknown, asked: Asked) =>
  send(change, { method: 'PUT', ...many, body: JSON.stringify(body), ...asked });
const remove = (asked: Asked) => send(change, { method: 'DELETE', ...many, ...asked });

/** Sends a write to be tried; nothing of the table may be other than before. */
async function tried(write: (query: Query) => ReturnType<typeof send>, query: Query = {}) {
  const before = await scanAll(world);
  const answer = await write({ ...query, dryRun: ['1'] });
  if (answer.statusCode === 200) {
    v.parse(dryRun, answer.body);
  }
  expect(await scanAll(world)).toEqual(before);
  return answer;
}

const nothing = {
  ...{ assignments: 0, unassignments: 0, statusChanges: 0, deletions: 0, noChanges: 0 },
  externalWrites: 0,
};
const headers = (matched: number) => ({
  'X-Baton-Matched': String(matched),
  'X-Baton-Updated': '0',
});

describe('a dry run', () => {
  it('says of each issue what would become of it, and counts reassignments as assignments', async () => {
    const id = [byBob, byCore, free, linked, '999999'];
    const body = { assignedTo: 'user:12', status: 'resolved' };
    const answer = await tried((query) => put(body, { query }), { id });
    expect(answer).toMatchObject({ statusCode: 200, headers: headers(4) });
    expect(answer.body).toMatchObject({
      dryRun: true,
      count: 4,
      summary: { ...nothing, assignments: 2, statusChanges: 4, externalWrites: 1 },
    });
    const { issues } = answer.body as { issues: unknown[] };
    expect(issues[1]).toEqual({
      issue: {
        ...{ id: byCore, shortId: `TRY-${byCore}`, title: `Try ${byCore}` },
        project: expect.objectContaining({ id: '31', slug: 'shop' }),
      },
      before: {
        assignedTo: { type: 'team', id: '21', name: 'core' },
        ...{ status: 'unresolved', substatus: 'ongoing', statusDetails: {} },
      },
      after: {
        assignedTo: expect.objectContaining({ type: 'user', id: '12' }),
        ...{ status: 'resolved', substatus: null, statusDetails: {} },
      },
      versions: { assignment: 1, status: 0 },
    });
  });

  it('shows the first 100 of its issues, and counts all', async () => {
    const answer = await tried((query) => remove({ query }), { id: ISSUES });
    expect(answer).toMatchObject({
      ...{ statusCode: 200, headers: headers(120) },
      body: { count: 120, summary: { ...nothing, deletions: 120 } },
    });
    const { issues } = answer.body as { issues: { issue: { id: string } }[] };
    expect(issues.map(({ issue }) => issue.id)).toEqual(ISSUES.slice(0, 100));
  });

  it('counts what would stay as it is', async () => {
    const answer = await tried((query) => put({ assignedTo: 'user:12' }, { query }), {
      id: [byBob, free],
    });
    expect(answer.body).toMatchObject({ summary: { ...nothing, assignments: 1, noChanges: 1 } });
    const none = await tried((query) => put({ assignedTo: null }, { query }), { id: [byCore] });
    expect(none.body).toMatchObject({ summary: { ...nothing, unassignments: 1 } });
  });

  it('of one issue answers alike, and 404 for one that is not there', async () => {
    const update = (id: string) => (query: Query) =>
      put({ assignedTo: 'team:21' }, { ...one(id), query });
    expect(await tried(update(`TRY-${free}`))).toMatchObject({
      ...{ statusCode: 200, headers: headers(1) },
      body: { dryRun: true, count: 1, issues: [{ issue: { id: free } }] },
    });
    const gone = await tried((query) => remove({ ...one('999999'), query }));
    expect(gone.statusCode).toBe(404);
    const deletion = await tried((query) => remove({ ...one(free), query }));
    expect(deletion).toMatchObject({ statusCode: 200, body: { summary: { deletions: 1 } } });
  });

  it('is made only of the state that If-Match names', async () => {
    const rest = { ...one(free), headers: { 'If-Match': '"other"' } };
    const answer = await tried((query) => put({ status: 'resolved' }, { ...rest, query }));
    expect(answer.statusCode).toBe(412);
  });

  it('of a merge and of a discard holds to what they require', async () => {
    const merged = await tried((query) => put({ merge: 1 }, { query }), { id: [byBob, free] });
    expect(merged.body).toMatchObject({ count: 2, summary: nothing });
    const discarded = await tried((query) => put({ discard: true }, { query }), { id: [free] });
    expect(discarded.body).toMatchObject({ summary: { ...nothing, deletions: 1 } });
    const authorizer = scoped('event:write');
    const refused = await tried((query) => put({ discard: true }, { query, authorizer }), {
      id: [free],
    });
    expect(refused.statusCode).toBe(400);
  });

  it('is not kept under an Idempotency-Key: the write under the same key is made', async () => {
    const rest = { headers: { 'Idempotency-Key': 'try-then-do' } };
    const write = (query: Query) => put({ priority: 'low' }, { query, ...rest });
    expect((await tried(write, { id: [free] })).statusCode).toBe(200);
    expect(await write({ id: [free] })).toMatchObject({
      headers: { 'X-Baton-Matched': '1', 'X-Baton-Updated': '1' },
    });
  });

  it.each(['0', 'false'])('that is %s is the write itself', async (value) => {
    const answer = await put({ priority: 'high' }, { query: { id: [free], dryRun: [value] } });
    expect(answer.body).toEqual({ priority: 'high' });
  });

  it('refuses whatever the write refuses, in the same words', async () => {
    const bodies = fc.constantFrom<unknown>(
      ...[{ assignedTo: 'nobody-such' }, { assignedTo: 'user:14' }, { assignedTo: 'team:99' }],
      ...[{ status: 'gone' }, { ownerTeam: 'user:12' }, { assignmentExpires: 3_600 }],
      ...[{ discard: true, priority: 'low' }, { merge: 1 }, { priority: 'none' }, [], 'x'],
    );
    const queries = fc.constantFrom<Query>(
      ...[{}, { id: [byBob] }, { query: ['x:1'] }, { query: ['assigned:zznobody'] }],
      ...[
        { ids: [byBob] },
        { id: [byBob], statsPeriod: ['no'] },
        { project: ['none'], query: [''] },
      ],
    );
    await fc.assert(
      fc.asyncProperty(bodies, queries, async (body, query) => {
        const answer = await put(body, { query: { ...query, dryRun: ['1'] } });
        if (answer.statusCode === 200) {
          expect(answer.headers).toMatchObject({ 'X-Baton-Updated': '0' });
        } else {
          const { statusCode, body: said } = await put(body, { query });
          expect({ statusCode, said }).toEqual({
            statusCode: answer.statusCode,
            said: answer.body,
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});
