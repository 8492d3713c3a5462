import { hasEnded, type Operation } from '../../../domain/bulk/operation.ts';
import { namesOfMakers } from '../../../operations/bulk/read-operations.ts';
import type { ApiReply } from '../../endpoint.ts';
import { serializeOperation } from './operation.ts';

/** An operation as an answer shows it: one that has not ended asks to be looked at again. */
export async function operationReply(
  deps: Parameters<typeof namesOfMakers>[0],
  status: 200 | 202,
  operation: Operation,
): Promise<ApiReply> {
  const names = await namesOfMakers(deps, [operation]);
  return {
    status,
    ...(hasEnded(operation) ? {} : { headers: { 'Retry-After': '1' } }),
    body: serializeOperation(operation, names),
  };
}
