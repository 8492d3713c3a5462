import { conflict, type DomainError, notFound } from '../domain/errors.ts';

type Outcome = { readonly updated: readonly string[]; readonly conflicting: readonly string[] };

/**
 * Tells of the issues that others kept changing; what else the request asked for is done. Null
 * where there are none.
 */
export function conflictOf(conflicting: readonly string[]): DomainError | null {
  if (conflicting.length === 0) {
    return null;
  }
  return conflict('Some issues changed at the same time and were not updated.', {
    groups: conflicting,
  });
}

/**
 * Tells that the one issue of a request was not there, or that others kept changing it. Throws 404
 * or 409.
 */
export function requireUpdated({ updated, conflicting }: Outcome): void {
  const error = conflictOf(conflicting);
  if (error !== null) {
    throw error;
  }
  if (updated.length === 0) {
    throw notFound();
  }
}
