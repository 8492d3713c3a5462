import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATION_LIFE_SECONDS } from '../../../../shared/domain/bulk/operation.ts';
import { applyPlan, findPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { buildPlan } from '../../../../shared/operations/bulk/plans/build-plan.ts';
import {
  findOperation,
  requestCancellation,
} from '../../../../shared/operations/bulk/read-operations.ts';
import { deleteProject } from '../../../../shared/operations/projects/delete-project.ts';
import { updateProject } from '../../../../shared/operations/projects/update-project.ts';
import { operationKeys } from '../../../../shared/stores/keys/operation-keys.ts';
import { faulty } from '../../../support/faulty-table.ts';
import { changingDeps } from '../../../support/saving.ts';
import { scanAll, type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { workerDeps, workOnAll } from '../workers.ts';
import { applied, initiator, planDeps, planned } from './plans.ts';

/** More than a request freezes, and one that was seen after them: the worker comes to it. */
const MANY = Array.from({ length: 1_005 }, (_, index) => String(70_000 + index));

let world: TestWorld;
beforeEach(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...MANY.map((id) => ({ id, project: '31', shortId: `BUILD-${id}`, title: 'Built' })),
      {
        ...{ id: '69000', project: '32', shortId: 'OTHER-1', title: 'Other' },
        lastSeen: '2026-11-23T12:00:00.000Z',
      },
    ],
  });
});

const built = async ({ id }: { readonly id: string }) => {
  await workOnAll(world);
  return findPlan(planDeps(world), '1', id);
};
const deleted = (project: string) =>
  deleteProject(planDeps(world), { organizationId: '1', project, initiator });
const renamed = (projectId: string, slug: string) =>
  updateProject(changingDeps(world.stores), {
    ...{ organizationId: '1', projectId, update: { slug }, initiator },
  });
const search = { kind: 'query', query: '', callerUserId: '11' } as const;

describe('a plan that is being built', () => {
  it('fails where a project is deleted that it is about', async () => {
    const plan = await planned(world, [], { source: search, projects: ['shop', 'site'] });
    await deleted('32');
    expect(await built(plan)).toMatchObject({ state: 'failed', count: 1_000 });
  });

  it('goes on without the issues of a project that it does not name', async () => {
    const plan = await planned(world, [], { source: search });
    await deleted('32');
    expect(await built(plan)).toMatchObject({ state: 'ready', count: MANY.length });
  });

  it('waits for a table that takes no more at the moment', async () => {
    const plan = await planned(world, [], { source: search });
    const subject = await faulty(world);
    const work = { planId: plan.id, fencingToken: 0, requestId: 'work', hasTime: () => true };
    for (const operation of ['Query', 'BatchGetItem', 'TransactWriteItems'] as const) {
      subject.faults.set([{ kind: 'throttle', operation, calls: 1_000 }]);
      await expect(buildPlan(workerDeps(subject.stores), work)).rejects.toMatchObject({
        code: 'table.throttled',
      });
    }
    expect(await built(plan)).toMatchObject({ state: 'ready', count: MANY.length + 1 });
  });

  it('is about the project that had the slug when it was asked for', async () => {
    const plan = await planned(world, [], { source: search, projects: ['shop'] });
    await renamed('31', 'shop-before');
    await renamed('32', 'shop');
    expect(await built(plan)).toMatchObject({
      ...{ state: 'ready', count: MANY.length, projects: ['31'] },
    });
  });
});

describe('an operation whose plan has lost a row', () => {
  it('fails, and is not done without the issues of that row', async () => {
    const plan = await built(await planned(world, MANY));
    const Key = operationKeys.planPage(plan.id, 3);
    const { client, name: TableName } = world.stores.table;
    await client.send(new DeleteCommand({ TableName, Key }));
    const { operation } = await applied(world, plan);
    expect(operation).toMatchObject({
      ...{ state: 'failed', requested: MANY.length },
      counts: { unchanged: 300 },
    });
  });
});

describe('the rows of a plan', () => {
  it('are there for as long as the operation, also those that it has not come to', async () => {
    const plan = await built(await planned(world, MANY));
    const { id } = await applyPlan(planDeps(world), {
      ...{ organizationId: '1', planId: plan.id, initiator },
      requireMay: () => undefined,
    });
    await requestCancellation(planDeps(world), '1', id);
    await workOnAll(world);
    const operation = await findOperation(planDeps(world), '1', id);
    expect(operation.state).toBe('cancelled');
    const rows = (await scanAll(world)).filter(({ entity }) => entity === 'planPage');
    expect(rows).toHaveLength(plan.pages);
    for (const { expiresAt } of rows) {
      expect(expiresAt).toBeGreaterThan(
        Date.parse(operation.createdAt) / 1_000 + OPERATION_LIFE_SECONDS,
      );
    }
  });
});
