import { type NewOperation, type Operation, queuedOperation } from '../../domain/bulk/operation.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OperationStore } from '../../stores/bulk/operations.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import {
  type FindOwnershipProjectDeps,
  findProjectWithTeams,
} from '../ownership/read-ownership.ts';

export type WorkEventDeps = { readonly clock: Clock; readonly newEventId: () => string };

export type AcceptOperationDeps = WorkEventDeps & {
  readonly operations: Pick<OperationStore, 'accept' | 'ofProject'>;
  readonly newId: () => string;
};

/** What somebody asks for, and whether it shall only be said what it would do. */
export type OperationRequest = {
  readonly organizationId: OrganizationId;
  readonly dryRun: boolean;
  readonly initiator: Initiator;
};

/**
 * Has the rules of a project reconciled with its open issues. Two round trips, three for a slug.
 *
 * @throws DomainError `resource.not_found` for the project, `conflict` with the id of the operation
 * that reconciles it already
 */
export async function requestReconciliation(
  deps: AcceptOperationDeps & FindOwnershipProjectDeps,
  request: OperationRequest & { readonly project: string },
): Promise<Operation> {
  const { project } = await findProjectWithTeams(deps, request.organizationId, request.project);
  return accept(deps, request, { kind: 'reconcile', projectId: project.id });
}

/** Has the organization's policy applied to its orphaned issues. One round trip. */
export function requestSweep(
  deps: AcceptOperationDeps,
  request: OperationRequest,
): Promise<Operation> {
  return accept(deps, request, { kind: 'orphans', projectId: null });
}

function accept(
  deps: AcceptOperationDeps,
  { organizationId, dryRun, initiator }: OperationRequest,
  about: Pick<NewOperation, 'kind' | 'projectId'>,
): Promise<Operation> {
  const { actingUserId } = initiator;
  return redecide(async () => {
    const operation = queuedOperation({
      ...about,
      id: deps.newId(),
      organizationId,
      dryRun,
      createdBy: actingUserId === null ? null : { type: 'user', id: actingUserId },
      createdAt: deps.clock(),
    });
    const event = workRequested(deps, operation, initiator);
    const outcome = await deps.operations.accept(operation, event);
    if (outcome.committed) {
      return operation;
    }
    if (outcome.refused.includes('project')) {
      throw notFound();
    }
    if (outcome.refused.includes('only one') && about.projectId !== null) {
      await requireNoOther(deps, about.projectId);
    }
    return AGAIN;
  });
}

/** Throws while there is another one, which may have ended meanwhile. */
async function requireNoOther(deps: AcceptOperationDeps, projectId: ProjectId): Promise<void> {
  const operation = await deps.operations.ofProject(projectId);
  if (operation !== null) {
    throw conflict('This project is being reconciled already.', { operation });
  }
}

/** The event that a worker begins an operation by, or goes on with it. */
export function workRequested(
  deps: WorkEventDeps,
  { id: operationId, organizationId, fencingToken }: Operation,
  initiator: Initiator,
): EventRecord {
  return toOrganizationEventRecord(
    { type: 'operation.work_requested', version: 1, data: { operationId, fencingToken } },
    { ...eventContext(deps, initiator, deps.clock()), organizationId },
  );
}
