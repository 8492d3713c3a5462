import type { Plan } from '../../../../shared/domain/bulk/plan.ts';
import { applyPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { makePlan, type PlanRequest } from '../../../../shared/operations/bulk/plans/make-plan.ts';
import { takeBack } from '../../../../shared/operations/bulk/plans/make-take-back.ts';
import { surroundings } from '../../../support/operations.ts';
import type { TestWorld } from '../../../support/world.ts';
import { resultOf, workOnAll } from '../workers.ts';

export const initiator = { actingUserId: '11', requestId: 'r1' };

export const planDeps = ({ stores }: Pick<TestWorld, 'stores'>) => ({
  ...stores,
  ...surroundings(),
});

/** Plans an update of some issues. */
export function planned(
  world: TestWorld,
  ids: readonly string[],
  request: Partial<PlanRequest> = {},
): Promise<Plan> {
  return makePlan(planDeps(world), {
    ...{ organizationId: '1', kind: 'update', source: { kind: 'ids' }, projects: null, note: null },
    ...{ update: {}, ids, initiator },
    ...request,
  });
}

/** Has a plan applied until it is done, and answers what became of it. */
export async function applied(world: TestWorld, { id: planId }: Pick<Plan, 'id'>) {
  const { id } = await applyPlan(planDeps(world), {
    ...{ organizationId: '1', planId, initiator },
    requireMay: () => undefined,
  });
  await workOnAll(world);
  return resultOf(world, id);
}

/** The plan for the way back of an operation. */
export function wayBack(world: TestWorld, operationId: string): Promise<Plan> {
  return takeBack(planDeps(world), { organizationId: '1', operationId, initiator });
}
