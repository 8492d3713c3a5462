import type { GroupId, LinkId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** A group with everything of its own: all of it is in one partition. */
export const groupKeys = {
  partition: (groupId: GroupId) => `G#${groupId}`,
  group: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#GROUP' }),
  assignment: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#ASSIGNMENT' }),
  /** That a team owns the group, for the list of what it owns. */
  ownerTeam: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#OWNERTEAM' }),
  subscriptionPrefix: 'SUB#',
  /** Whether and why somebody is subscribed; a user's bookmark and view of the group as well. */
  subscription: (groupId: GroupId, type: 'user' | 'team', id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `SUB#${type}:${id}`,
  }),
  /** One of the pages that list the followers of an assignment, where they are many. */
  followers: (groupId: GroupId, page: number): Key => ({
    pk: `G#${groupId}`,
    sk: `FOLLOWERS#${page}`,
  }),
  activityPrefix: 'ACTIVITY#',
  activity: (groupId: GroupId, at: string, position: number, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `ACTIVITY#${at}#${position}#${id}`,
  }),
  notePrefix: 'NOTE#',
  /** A note by its id; what it says is with the activity. */
  note: (groupId: GroupId, id: string): Key => ({ pk: `G#${groupId}`, sk: `NOTE#${id}` }),
  noteAtPrefix: 'NOTEAT#',
  /** The same in the order of time. */
  noteAt: (groupId: GroupId, at: string, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTEAT#${at}#${id}`,
  }),
  noteByPrefix: 'NOTEBY#',
  notesByPrefix: (userId: UserId) => `NOTEBY#${userId}#`,
  /** The same among those of its author. */
  noteBy: (groupId: GroupId, userId: UserId, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTEBY#${userId}#${id}`,
  }),
  noteTextPrefix: 'NOTETEXT#',
  /** The note that says a text, by the hash of its author and the text. */
  noteText: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTETEXT#${hash}`,
  }),
  /** Rows that activities had beside them until December 2026; now the activities say it. */
  historyPrefix: 'HISTORY#',
  /** Bookmarks and views had rows of their own until December 2026; now users' rows say both. */
  bookmarkPrefix: 'BOOKMARK#',
  bookmark: (groupId: GroupId, userId: UserId): Key => ({
    pk: `G#${groupId}`,
    sk: `BOOKMARK#${userId}`,
  }),
  seenPrefix: 'SEEN#',
  seen: (groupId: GroupId, userId: UserId): Key => ({ pk: `G#${groupId}`, sk: `SEEN#${userId}` }),
  ownerPrefix: 'OWNER#',
  /**
   * Owners sort as auto-assignment prefers them: by type, then by when and in which order they were
   * found.
   */
  owner: (groupId: GroupId, type: number, at: string, position: number): Key => ({
    pk: `G#${groupId}`,
    sk: `OWNER#${type}#${at}#${String(position).padStart(4, '0')}`,
  }),
  /**
   * The group's owners and, sorted before the first of them, the row that keeps their replacements
   * apart.
   */
  ownersPrefix: 'OWNER',
  ownersVersion: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'OWNER!' }),
  /** The event that the group's owners were last evaluated on. */
  evaluatedEvent: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'EVENT' }),
  affectedUserPrefix: 'AFFECTED#',
  /** A user whom an event of the group happened to, by the hash of who they are. */
  affectedUser: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `AFFECTED#${hash}`,
  }),
  fingerprintPrefix: 'FINGERPRINT#',
  /** With the group, a fingerprint that leads to it. */
  fingerprint: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `FINGERPRINT#${hash}`,
  }),
  /** The fingerprint that the group was begun by, with the event that it was begun with. */
  firstFingerprint: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'FINGERPRINT#FIRST' }),
  linkPrefix: 'LINK#',
  link: (groupId: GroupId, linkId: LinkId): Key => ({ pk: `G#${groupId}`, sk: `LINK#${linkId}` }),
  /** Where a group went that was merged into another one. */
  mergedInto: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#MERGEDINTO' }),
  mergedGroupPrefix: 'MERGEDGROUP#',
  /** With the group that took it in, a group that was merged into it. */
  mergedGroup: (groupId: GroupId, childId: GroupId): Key => ({
    pk: `G#${groupId}`,
    sk: `MERGEDGROUP#${childId}`,
  }),
  shortId: (organizationId: OrganizationId, shortId: string): Key => ({
    pk: `SHORTID#${organizationId}#${shortId.toUpperCase()}`,
    sk: 'SHORTID',
  }),
};
