import { hasEnded } from '../../../domain/bulk/operation.ts';
import { type Plan, requireHeldByPlan } from '../../../domain/bulk/plan.ts';
import { conflict } from '../../../domain/errors.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { Initiator } from '../../event-context.ts';
import { findOperation } from '../read-operations.ts';
import { type MakePlanDeps, makePlan } from './make-plan.ts';

/**
 * Plans the way back of an operation: every issue that it has changed is to be what it was before.
 * Throws `conflict` while it runs, and for one that has deleted its issues or was only tried;
 * `request.invalid` for one that has changed more of them than a plan holds.
 */
export async function takeBack(
  deps: MakePlanDeps,
  {
    organizationId,
    operationId,
    initiator,
  }: {
    readonly organizationId: OrganizationId;
    readonly operationId: string;
    readonly initiator: Initiator;
  },
): Promise<Plan> {
  const operation = await findOperation(deps, organizationId, operationId);
  if (!hasEnded(operation)) {
    throw conflict('This operation has not ended: cancel it, or wait for its end.');
  }
  if (operation.kind === 'delete') {
    throw conflict('What was deleted cannot be brought back.');
  }
  if (operation.dryRun) {
    throw conflict('This operation was only tried: there is nothing to bring back.');
  }
  requireHeldByPlan(operation.counts.applied);
  return makePlan(deps, {
    organizationId,
    kind: 'revert',
    source: { kind: 'operation', operationId },
    projects: null,
    note: operation.note,
    update: {},
    ids: [],
    initiator,
  });
}
