import type { ExternalPerson } from '../domain/sync/external-issue.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import type { TrackerResponse } from './http.ts';

/**
 * The only person that a search found; null for none or several. Where the tracker does not allow
 * the search (Redmine requires an administrator), the result is null too: that says nothing about
 * the issue.
 */
export function onlyPerson(
  reply: TrackerReply<TrackerResponse>,
  peopleIn: (body: unknown) => readonly (ExternalPerson | null)[],
): TrackerReply<ExternalPerson | null> {
  if (!reply.ok) {
    const refused = reply.failure.kind === 'rejected' || reply.failure.kind === 'broken';
    return refused ? { ok: true, value: null } : reply;
  }
  const people = peopleIn(reply.value.body).filter((one) => one !== null);
  return { ok: true, value: people.length === 1 ? (people[0] ?? null) : null };
}

/** An answer that is a list at its top level. */
export function rowsOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [];
}
