import type { Endpoint } from '../../shared/http/api.ts';
import { parseOperationRequest } from '../../shared/http/schemas/bulk/operation.ts';
import { operationReply } from '../../shared/http/serializers/bulk/operation-reply.ts';
import {
  requestReconciliation,
  requestSweep,
} from '../../shared/operations/bulk/accept-operation.ts';
import type { OperationsDeps } from './deps.ts';

/** Has the rules of a project reconciled with its open issues. */
export const reconcileOwnership: Endpoint<'reconcileOwnership', OperationsDeps> = async (
  deps,
  { organization, params, body, initiator },
) => {
  const operation = await requestReconciliation(deps, {
    ...parseOperationRequest(body),
    organizationId: organization.id,
    project: params.project,
    initiator,
  });
  return operationReply(deps, 202, operation);
};

/** Has an organization's policy applied to its orphaned issues. */
export const sweepOrphans: Endpoint<'sweepOrphans', OperationsDeps> = async (
  deps,
  { organization, body, initiator },
) => {
  const operation = await requestSweep(deps, {
    ...parseOperationRequest(body),
    organizationId: organization.id,
    initiator,
  });
  return operationReply(deps, 202, operation);
};
