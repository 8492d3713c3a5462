import type { ExternalPerson } from '../domain/sync/external-issue.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import type { TrackerResponse } from './http.ts';

/**
 * The one person that a search found; with two nobody can say who is meant. A tracker that will not
 * let us look (Redmine wants an administrator for it) has nobody to offer, which says nothing about
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
