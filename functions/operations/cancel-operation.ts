import type { Endpoint } from '../../shared/http/api.ts';
import { parseBody } from '../../shared/http/fields.ts';
import { nothing } from '../../shared/http/schemas/bulk/plan.ts';
import { operationReply } from '../../shared/http/serializers/bulk/operation-reply.ts';
import { requestCancellation } from '../../shared/operations/bulk/read-operations.ts';
import type { OperationsDeps } from './deps.ts';

/** Asks for the early end of an operation. */
export const cancelOperation: Endpoint<'cancelOperation', OperationsDeps> = async (
  deps,
  { organization, params, body },
) => {
  parseBody(nothing, body);
  const cancelled = await requestCancellation(deps, organization.id, params.operation);
  return operationReply(deps, 202, cancelled);
};
