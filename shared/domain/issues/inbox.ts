import type { Group } from './group.ts';

/** Why an issue waits for somebody's review. */
export type InboxReason = 'new' | 'regressed' | 'escalating';

/** An issue's place in the inbox. */
export type InboxEntry = {
  readonly reason: InboxReason;
  /** ISO 8601 in UTC. */
  readonly since: string;
};

/**
 * An issue's place in the inbox; null for one that does not wait. When an issue came back is not
 * kept, so it counts from when it was last seen, the latest that it can have been.
 */
export function inboxEntryOf(
  group: Pick<Group, 'inInbox' | 'status' | 'substatus' | 'firstSeen' | 'lastSeen'>,
): InboxEntry | null {
  if (!group.inInbox || group.status !== 'unresolved') {
    return null;
  }
  if (group.substatus === 'regressed' || group.substatus === 'escalating') {
    return { reason: group.substatus, since: group.lastSeen };
  }
  return { reason: 'new', since: group.firstSeen };
}
