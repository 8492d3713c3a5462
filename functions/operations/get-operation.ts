import type { Endpoint } from '../../shared/http/api.ts';
import { operationReply } from '../../shared/http/serializers/bulk/operation-reply.ts';
import { findOperation } from '../../shared/operations/bulk/read-operations.ts';
import type { OperationsDeps } from './deps.ts';

/** Shows how far an operation is. */
export const getOperation: Endpoint<'getOperation', OperationsDeps> = async (
  deps,
  { organization, params },
) => operationReply(deps, 200, await findOperation(deps, organization.id, params.operation));
