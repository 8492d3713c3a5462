import { conflict } from '../domain/errors.ts';

/** Tells of the issues that others kept changing; what else the request asked for stands. Throws 409. */
export function requireNoConflict(outcome: { readonly conflicting: readonly string[] }): void {
  if (outcome.conflicting.length === 0) return;
  throw conflict('Some issues changed at the same time and were not updated.', {
    groups: outcome.conflicting,
  });
}
