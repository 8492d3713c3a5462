import { type Operation, queuedOperation } from '../../../domain/bulk/operation.ts';
import type { Plan } from '../../../domain/bulk/plan.ts';
import { conflict, DomainError, notFound } from '../../../domain/errors.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { AGAIN, redecide } from '../../../retry.ts';
import type { OperationStore } from '../../../stores/bulk/operations.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import type { Clock } from '../../deps.ts';
import type { Initiator } from '../../event-context.ts';
import { type WorkEventDeps, workRequested } from '../accept-operation.ts';

export type FindPlanDeps = {
  readonly plans: Pick<PlanStore, 'byId'>;
  readonly clock: Clock;
};

export type ApplyPlanDeps = FindPlanDeps &
  WorkEventDeps & {
    readonly plans: Pick<PlanStore, 'apply'>;
    readonly operations: Pick<OperationStore, 'accept'>;
    readonly newId: () => string;
  };

const idForm = /^[0-9]{1,20}$/;

/**
 * A plan of an organization. Throws `resource.not_found` for one that is not there, whose time has
 * run out, or is another organization's. One round trip.
 */
export async function findPlan(
  deps: FindPlanDeps,
  organizationId: OrganizationId,
  id: string,
): Promise<Plan> {
  const found = idForm.test(id) ? await deps.plans.byId(id, deps.clock()) : undefined;
  if (found?.organizationId !== organizationId) {
    throw notFound();
  }
  return found;
}

/**
 * Has a worker apply a plan, in the name of whoever asks for it. Two round trips.
 *
 * @throws DomainError `request.in_flight` while it is being built, `conflict` with the id of the
 * operation where it was applied
 */
export function applyPlan(
  deps: ApplyPlanDeps,
  {
    organizationId,
    planId,
    initiator,
    requireMay,
  }: {
    readonly organizationId: OrganizationId;
    readonly planId: string;
    readonly initiator: Initiator;
    /** Throws where the caller may not do what the plan does. */
    readonly requireMay: (plan: Plan) => void;
  },
): Promise<Operation> {
  const { actingUserId } = initiator;
  return redecide(async () => {
    const plan = await findPlan(deps, organizationId, planId);
    requireMay(plan);
    requireApplicable(plan);
    const operation = queuedOperation({
      id: deps.newId(),
      organizationId,
      kind: plan.kind,
      dryRun: false,
      projectId: null,
      plan: plan.id,
      note: plan.note,
      requested: plan.count,
      createdBy: actingUserId === null ? null : { type: 'user', id: actingUserId },
      createdAt: deps.clock(),
    });
    const applied: Plan = { ...plan, state: 'applied', operation: operation.id };
    const outcome = await deps.operations.accept(
      operation,
      workRequested(deps, operation, initiator),
      deps.plans.apply(plan, applied, operation.createdAt),
    );
    return outcome.committed ? operation : AGAIN;
  });
}

function requireApplicable({ state, operation }: Plan): void {
  switch (state) {
    case 'ready':
      return;
    case 'building':
      throw new DomainError('request.in_flight', 'This plan is still being built.');
    case 'applied':
      throw conflict('This plan has been applied.', { operation });
    case 'failed':
      throw conflict('This plan could not be built, and cannot be applied.');
  }
}
