import { DomainError, invalidRequest } from '../domain/errors.ts';
import type { ApiReply } from './api.ts';
import { errorReply } from './errors.ts';
import { conflictOf } from './outcomes.ts';

/** What a bulk write did. */
export type BulkOutcome = {
  /** Issues that were selected, and there. */
  readonly matched: number;
  /** Issues that were changed, or accepted for deletion. */
  readonly updated: number;
  /** Issues that others kept changing: nothing was done to them. */
  readonly conflicting: readonly string[];
  /** Whether there may be more issues of the selection than one request looks at, or changes. */
  readonly truncated: boolean;
};

/**
 * The answer of a bulk write with its counts in the headers. Where nothing was found within the
 * bounds that is no answer: there may be issues further on. Throws `request.invalid` then.
 */
export function bulkReply(outcome: BulkOutcome, reply: ApiReply): ApiReply {
  const { matched, conflicting, truncated } = outcome;
  if (truncated && matched === 0) {
    throw invalidRequest(
      'Nothing was found among as many issues as one request may look at, and there are more. Narrow the search, e.g. by project, status or statsPeriod, or name the issues by id.',
    );
  }
  const conflict = conflictOf(conflicting);
  const { headers, ...answer } = conflict === null ? reply : errorReply(conflict);
  return { ...answer, headers: { ...headers, ...countsOf(outcome) } };
}

/**
 * The answer where a step after the changes failed for the sake of others; what was changed by then
 * stays so.
 */
export function bulkConflict(outcome: BulkOutcome, error: unknown): ApiReply {
  if (!(error instanceof DomainError) || error.code !== 'conflict') {
    throw error;
  }
  return bulkReply(outcome, errorReply(error));
}

function countsOf({ matched, updated, truncated }: BulkOutcome): Record<string, string> {
  return {
    'X-Baton-Matched': String(matched),
    'X-Baton-Updated': String(updated),
    ...(truncated ? { 'X-Baton-Truncated': 'true' } : {}),
  };
}
