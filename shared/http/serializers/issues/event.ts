import { createHash } from 'node:crypto';
import type { Group } from '../../../domain/issues/group.ts';
import { isSeenIn, type SeenWindow } from '../../../domain/issues/seen-window.ts';

/**
 * The latest event of an issue, as far as the issue itself tells of it: Baton keeps no events. Its
 * id is the same as long as the issue was not seen again.
 */
export function serializeLatestEvent(group: Group) {
  const id = createHash('sha256')
    .update(`${group.id} ${group.lastSeen}`)
    .digest('hex')
    .slice(0, 32);
  return {
    id,
    eventID: id,
    groupID: group.id,
    projectID: group.projectId,
    title: group.title,
    message: group.title,
    type: group.type === 'error' ? 'error' : 'generic',
    culprit: group.culprit,
    location: group.culprit,
    platform: group.platform,
    metadata: group.metadata,
    dateCreated: group.lastSeen,
    dateReceived: group.lastSeen,
    entries: [],
    tags: [],
    contexts: {},
    context: {},
    user: null,
    sdk: null,
    release: null,
    dist: null,
    packages: {},
    errors: [],
    fingerprints: [],
    crashFile: null,
    occurrence: null,
    userReport: null,
    size: 0,
    nextEventID: null,
    previousEventID: null,
  };
}

/** Whether the latest event of an issue lies in a span of time; null for any time. */
export function wasSeenIn({ lastSeen }: Group, window: SeenWindow | null): boolean {
  return window === null || isSeenIn(window, { firstSeen: lastSeen, lastSeen });
}
