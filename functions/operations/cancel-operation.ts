import type { Endpoint } from '../../shared/http/api.ts';
import { operationReply } from '../../shared/http/serializers/bulk/operation-reply.ts';
import { requestCancellation } from '../../shared/operations/bulk/read-operations.ts';
import type { OperationsDeps } from './deps.ts';

/** Asks for the early end of an operation. */
export const cancelOperation: Endpoint<'cancelOperation', OperationsDeps> = async (
  deps,
  { organization, params },
) => operationReply(deps, 202, await requestCancellation(deps, organization.id, params.operation));
