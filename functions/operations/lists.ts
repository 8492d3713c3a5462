import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { readOutcome, readState } from '../../shared/http/schemas/bulk/operation.ts';
import {
  serializeOperation,
  serializeOperationIssue,
} from '../../shared/http/serializers/bulk/operation.ts';
import {
  findOperation,
  listOperations as list,
  listOperationIssues as listIssues,
} from '../../shared/operations/bulk/read-operations.ts';
import type { OperationsDeps } from './deps.ts';

/** Lists an organization's operations, newest first. */
export const listOperations: Endpoint<'listOperations', OperationsDeps> = async (deps, request) => {
  const asked = { ...pageAsked(request), state: readState(request.query) };
  const found = await list(deps, request.organization.id, asked);
  return {
    status: 200,
    headers: { Link: linkHeader(request, found) },
    body: found.operations.map((operation) => serializeOperation(operation, found.names)),
  };
};

/** Lists what became of the issues of an operation. */
export const listOperationIssues: Endpoint<'listOperationIssues', OperationsDeps> = async (
  deps,
  request,
) => {
  const asked = { ...pageAsked(request), outcome: readOutcome(request.query) };
  const { organization, params } = request;
  const operation = await findOperation(deps, organization.id, params.operation);
  const found = await listIssues(deps, operation, asked);
  return {
    status: 200,
    headers: { Link: linkHeader(request, found) },
    body: found.issues.map((issue) => serializeOperationIssue(issue, found.names)),
  };
};

/** Which page of a list a request asks for. */
export function pageAsked({ query }: Pick<ApiRequest, 'query'>) {
  const cursor = readCursor(query);
  return {
    limit: readLimit(query),
    ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
  };
}
