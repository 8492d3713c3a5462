import { beforeAll, expect, it } from 'vitest';
import { mergeGroups } from '../../../../shared/operations/issues/merge-groups.ts';
import { assignedTo, surroundings } from '../../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { initiator, planned } from './plans.ts';

const ISSUES = ['41000', '41001', '41002', '41003'];

let world: TestWorld;
/** The one that the first three were merged into, and those that went into it. */
let parent: string;
let children: readonly string[];
/** One of another organization that went into 901. */
let foreign: readonly string[];

beforeAll(async () => {
  const issue = (id: string, project: string) => ({
    ...{ id, project, shortId: `PLAN-${id}`, title: `Issue ${id}` },
  });
  world = await worldOnFreshTable({
    groups: [
      ...ISSUES.map((id) => issue(id, '31')),
      ...['42000', '42001'].map((id) => issue(id, '39')),
    ],
  });
  const deps = { ...world.stores, ...surroundings() };
  const merged = await mergeGroups(deps, { groupIds: ISSUES.slice(0, 3), initiator });
  ({ parent, children } = merged ?? expect.fail('Nothing was merged.'));
  const other = await mergeGroups(deps, { groupIds: ['42000', '42001'], initiator });
  foreign = [other?.parent ?? '', ...(other?.children ?? [])];
});

async function frozenBy(ids: readonly string[]) {
  const plan = await planned(world, ids, { update: assignedTo('user:12') });
  const issues = await world.stores.plans.issuesOf(plan, [...Array(plan.pages).keys()]);
  expect(plan.count).toBe(issues.length);
  return { ids: issues.map(({ groupId }) => groupId), notFound: plan.notFound };
}

it('has the one that a named issue was merged into, once', async () => {
  const alone = { ids: [parent], notFound: [] };
  expect(await frozenBy(children.slice(0, 1))).toEqual(alone);
  expect(await frozenBy(children)).toEqual(alone);
  expect(await frozenBy([parent, ...children])).toEqual(alone);
  expect(await frozenBy([...children, '41003', '999'])).toEqual({
    ids: ['41003', parent],
    notFound: ['999'],
  });
});

it('has it once where its steps name several that went into it', async () => {
  const [first = '', second = ''] = children;
  const absent = Array.from({ length: 500 }, (_, index) => String(50_000 + index));
  const found = { ids: [parent], notFound: absent };
  expect(await frozenBy([first, ...absent, second])).toEqual(found);
  expect(await frozenBy([first, ...absent, parent])).toEqual(found);
  expect(await frozenBy([parent, ...absent, second])).toEqual(found);
});

it('does not know those of another organization, wherever they went', async () => {
  expect(await frozenBy([...foreign, '41003'])).toEqual({ ids: ['41003'], notFound: foreign });
});

it('has none of an issue that went where the plan may not reach', async () => {
  const plan = await planned(world, children, { projects: ['32'], update: assignedTo('user:12') });
  expect(plan).toMatchObject({ count: 0, notFound: children });
});
