import { beforeAll, expect, it } from 'vitest';
import { findPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { issuesNamed } from '../../../../shared/operations/bulk/plans/named-issues.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { workOnAll } from '../workers.ts';
import { applied, planDeps, planned } from './plans.ts';

/** More than are frozen in one step, and than are frozen at once. */
const MANY = Array.from({ length: 1_020 }, (_, index) => String(60_000 + index));

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...MANY.map((id) => ({ id, project: '31', shortId: `NAME-${id}`, title: id })),
      { id: '901', project: '39', shortId: 'PLANT-1', title: 'Theirs' },
    ],
  });
});

const named = (...names: string[]) => issuesNamed(planDeps(world), '1', names);

it('takes numbers and short ids together, in their order', async () => {
  expect(await named('60001', 'name-60000', '70000')).toEqual([
    { groupId: '60001', names: ['60001'] },
    { groupId: '60000', names: ['name-60000'] },
    { groupId: '70000', names: ['70000'] },
  ]);
});

it('has an issue once, however it is called, and spellings of one short id as one name', async () => {
  expect(await named('NAME-60000', '60000', 'name-60000', 'Name-60000')).toEqual([
    { groupId: '60000', names: ['NAME-60000', '60000'] },
  ]);
});

it.each(['PLANT-1', 'NAME-1', '-1', '1e3', '6 0000', '9'.repeat(20), '__proto__', '\u{1F600}'])(
  'knows no issue called %s',
  async (name) => {
    expect(await named(name)).toEqual([{ groupId: null, names: [name] }]);
  },
);

it('of a plan stand for each issue once, in whatever step they come', async () => {
  const short = MANY.slice(0, 600).map((id) => `NAME-${id}`);
  const again = ['name-60000', '60001', 'Name-60002', 'none-1'];
  const plan = await planned(world, [...short, ...again]);
  expect(plan).toMatchObject({ state: 'ready', count: 600, notFound: ['none-1'] });
  const { operation } = await applied(world, plan);
  expect(operation).toMatchObject({ requested: 600, counts: { unchanged: 600 } });
});

it('of a plan that a worker builds do as well, and are listed as they were written', async () => {
  const strange = Array.from({ length: 9 }, (_, index) => `Nobody-${index}`);
  const names = [...MANY, ...strange, ...MANY.map((id) => `name-${id}`)];
  const { id } = await planned(world, names);
  await workOnAll(world);
  const plan = await findPlan(planDeps(world), '1', id);
  expect(plan).toMatchObject({ state: 'ready', count: MANY.length, notFound: strange });
});

it('of which too many name nothing are refused, before a plan is made', async () => {
  const absent = Array.from({ length: 3_000 }, (_, index) => `${'X'.repeat(100)}-${index}`);
  await expect(planned(world, absent)).rejects.toMatchObject({
    fields: { ids: ['3000 of them are not there, more than a plan can list.'] },
  });
});
