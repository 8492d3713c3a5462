import { DomainError, invalidRequest } from '../../domain/errors.ts';
import type { ApiReply } from '../endpoint.ts';
import { errorReply } from '../errors.ts';
import { conflictOf } from '../outcomes.ts';

/** The result of a bulk write, for its headers. */
export type BulkOutcome = {
  /** How many of the selected issues exist. */
  readonly matched: number;
  /** How many issues were changed, or accepted for deletion. */
  readonly updated: number;
  /** Ids of issues that other requests kept changing at the same time; they were not changed. */
  readonly conflicting: readonly string[];
  /** Whether the selection may hold more issues than one request reads or changes. */
  readonly truncated: boolean;
};

/**
 * The answer of a bulk write with its counts in the headers, and 409 if some issues conflicted.
 * Throws `request.invalid` if no issue was found but not all could be looked at: "nothing matched"
 * might be wrong.
 */
export function bulkReply(outcome: BulkOutcome, reply: ApiReply): ApiReply {
  const { matched, conflicting, truncated } = outcome;
  if (truncated && matched === 0) {
    throw invalidRequest(
      'No issue matched among as many as one request looks at, and there are more. Narrow the search, e.g. by project, status or statsPeriod, or name the issues by id.',
    );
  }
  const conflict = conflictOf(conflicting);
  const { headers, ...answer } = conflict === null ? reply : errorReply(conflict);
  return { ...answer, headers: { ...headers, ...countsOf(outcome) } };
}

/**
 * The answer of a bulk write whose changes are committed and whose merge ended in a conflict. Any
 * other error is thrown again.
 */
export function bulkConflict(outcome: BulkOutcome, error: unknown): ApiReply {
  if (!(error instanceof DomainError) || error.code !== 'conflict') {
    throw error;
  }
  return bulkReply(outcome, errorReply(error));
}

/** The answer of a bulk write with the operation that it is recorded as; null for none. */
export function withOperation(reply: ApiReply, operationId: string | null): ApiReply {
  return operationId === null
    ? reply
    : { ...reply, headers: { ...reply.headers, 'X-Baton-Operation': operationId } };
}

function countsOf({ matched, updated, truncated }: BulkOutcome): Record<string, string> {
  return {
    'X-Baton-Matched': String(matched),
    'X-Baton-Updated': String(updated),
    ...(truncated ? { 'X-Baton-Truncated': 'true' } : {}),
  };
}
