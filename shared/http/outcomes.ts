import { conflict, notFound } from '../domain/errors.ts';

type Outcome = { readonly updated: readonly string[]; readonly conflicting: readonly string[] };

/** Tells of the issues that others kept changing; what else the request asked for stands. Throws 409. */
export function requireNoConflict(outcome: Pick<Outcome, 'conflicting'>): void {
  if (outcome.conflicting.length === 0) return;
  throw conflict('Some issues changed at the same time and were not updated.', {
    groups: outcome.conflicting,
  });
}

/** Tells that the one issue of a request was not there, or that others kept changing it. Throws 404 or 409. */
export function requireUpdated(outcome: Outcome): void {
  requireNoConflict(outcome);
  if (outcome.updated.length === 0) throw notFound();
}
