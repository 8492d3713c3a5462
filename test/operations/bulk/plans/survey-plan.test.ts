import { beforeAll, describe, expect, it } from 'vitest';
import { beginPlan, MOST_PLANNED, type PlanSource } from '../../../../shared/domain/bulk/plan.ts';
import { issuesNamed } from '../../../../shared/operations/bulk/plans/named-issues.ts';
import { surveyPlan } from '../../../../shared/operations/bulk/plans/survey-plan.ts';
import { NOW } from '../../../support/builders.ts';
import { assignedTo } from '../../../support/operations.ts';
import { repeatInLists } from '../../../support/table.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { planDeps, planned } from './plans.ts';

const found = (query: string): PlanSource => ({ kind: 'query', query, callerUserId: '11' });

async function surveyed(
  world: TestWorld,
  source: PlanSource,
  { ids = [], agoMs = 0 }: { readonly ids?: readonly string[]; readonly agoMs?: number } = {},
) {
  const createdAt = new Date(Date.now() - agoMs).toISOString();
  const asked = { id: '1', organizationId: '1', kind: 'update', update: {}, note: null } as const;
  const plan = beginPlan({ ...asked, source, projects: null, createdBy: null, createdAt });
  const named = await issuesNamed(planDeps(world), '1', ids);
  const { count, projectIds } = await surveyPlan(planDeps(world), plan, named);
  return { count, projectIds: [...projectIds].sort() };
}

describe('a survey', () => {
  const projects = ['31', '32', '39'] as const;
  const groups = Array.from({ length: 60 }, (_, index) => ({
    ...{ id: String(40_000 + index), project: projects[index % 3] ?? '31', shortId: `S-${index}` },
    ...{ title: index % 4 === 0 ? 'Timeout' : 'KeyError', timesSeen: index + 1 },
    ...(index % 5 === 0 ? ({ status: 'resolved' } as const) : {}),
  }));
  let world: TestWorld;
  beforeAll(async () => {
    world = await worldOnFreshTable({
      groups,
      assignments: groups
        .filter(({ project }, index) => project === '31' && index % 2 === 0)
        .map(({ id }) => ({ group: id, assignedTo: 'user:12' })),
    });
  });

  it.each([
    '',
    'is:unresolved',
    'is:resolved',
    'is:unassigned',
    '!is:unassigned timeout',
    'assigned:bob',
    'project:shop',
    '!project:shop',
    'timesSeen:>20 timesSeen:<33',
    'title:Timeout is:unresolved',
    'issue:S-1',
    'title:Nothing',
  ])('of "%s" counts what a plan of it freezes, and names the projects', async (query) => {
    const plan = await planned(world, [], { source: found(query), update: assignedTo(null) });
    const issues = await world.stores.plans.issuesOf(plan, [0]);
    expect(await surveyed(world, found(query))).toEqual({
      count: plan.count,
      projectIds: [...new Set(issues.map(({ projectId }) => projectId))].sort(),
    });
  });

  it.each(['title:Timeout', 'is:unresolved'])(
    'of "%s" is left to the worker after 15 seconds of the request',
    async (query) => {
      const late = await surveyed(world, found(query), { agoMs: 15_000 });
      expect(late).toEqual({ count: 0, projectIds: [] });
      expect((await surveyed(world, found(query))).count).toBeGreaterThan(0);
    },
  );

  it('of ids counts those that are there', async () => {
    const ids = ['40000', 'S-1', 's-2', 'NO-1', '7'];
    const inBoth = { count: 2, projectIds: ['31', '32'] };
    expect(await surveyed(world, { kind: 'ids' }, { ids })).toEqual(inBoth);
  });
});

describe('a search', () => {
  const ROWS = 1_001;
  const groups = Array.from({ length: ROWS }, (_, index) => ({
    ...{ id: String(500_000 + index), project: '31', shortId: `MANY-${index}`, title: 'Many' },
  }));
  const plan = (world: TestWorld) =>
    planned(world, [], { source: found('is:unresolved'), update: assignedTo('user:12') });

  it('of more issues than a plan holds is refused before anything is written', async () => {
    const world = await worldOnFreshTable({ groups });
    const last = groups.at(-1)?.id ?? '';
    repeatInLists(world.table, { groupId: last, copies: MOST_PLANNED - ROWS });
    expect(await plan(world)).toMatchObject({ state: 'building' });
    const [first = { id: '' }] = groups;
    repeatInLists(world.table, { groupId: first.id, copies: 1 });
    await expect(plan(world)).rejects.toMatchObject({
      code: 'request.invalid',
      detail: 'A plan holds at most 100000 issues.',
    });
    const plans = await world.stores.plans.page('1', { limit: 10 }, NOW);
    expect(plans.plans).toHaveLength(1);
  });
});
