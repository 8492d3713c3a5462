import type { SeenRelease } from '../release.ts';

/** The statuses that API callers see and set. */
export type GroupStatus = 'unresolved' | 'resolved' | 'ignored';

/** A stored status: the visible ones, and those of groups that are being deleted or merged. */
export type StoredGroupStatus = GroupStatus | 'pending_deletion' | 'pending_merge';

export const groupSubstatuses = [
  'archived_until_escalating',
  'archived_until_condition_met',
  'archived_forever',
  'escalating',
  'ongoing',
  'regressed',
  'new',
] as const;
export type GroupSubstatus = (typeof groupSubstatuses)[number];

export type GroupPriority = 'low' | 'medium' | 'high';

/**
 * Details of a status: the release that resolves the group, or the conditions that end its archive.
 */
export type StatusDetails = Readonly<Record<string, string | number | boolean>>;

/** The counters at the start of the present window for events (`at`) and for users (`usersAt`). */
export type SnoozeBaseline = {
  readonly timesSeen: number;
  readonly at: string;
  readonly userCount: number;
  /** Absent where both windows began at the same time. */
  readonly usersAt?: string;
};

/** A group: many events, one problem. People see an "issue". Times are ISO 8601 in UTC. */
export type Group = {
  readonly id: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly shortId: string;
  readonly title: string;
  readonly culprit: string | null;
  readonly level: string;
  readonly type: string;
  readonly platform: string | null;
  readonly status: StoredGroupStatus;
  readonly substatus: GroupSubstatus | null;
  readonly statusDetails: StatusDetails;
  /** Rises by one with each change of the status; 0 for a group whose status never changed. */
  readonly statusVersion: number;
  /**
   * The counters at the start of an archive that ends after a number of events or users; null for
   * any other state.
   */
  readonly snoozeBaseline: SnoozeBaseline | null;
  /** The newest release that the group was seen in; null without one. */
  readonly newestRelease: SeenRelease | null;
  /**
   * For a group that is resolved in the next release: the newest release at that time. Null where
   * none was known, and for any other state.
   */
  readonly resolvedAfter: SeenRelease | null;
  readonly priority: GroupPriority | null;
  readonly priorityLockedAt: string | null;
  /** Whether the group is in the inbox, waiting for a review. */
  readonly inInbox: boolean;
  readonly timesSeen: number;
  readonly userCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The first 50 environments that the group was seen in, in that order. */
  readonly environments: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
};

export const groupPriorities: readonly GroupPriority[] = ['low', 'medium', 'high'];

export const groupStatuses: readonly GroupStatus[] = ['unresolved', 'resolved', 'ignored'];

/** Every stored status: the groups of all of them together are all groups of a project. */
export const storedGroupStatuses: readonly StoredGroupStatus[] = [
  ...groupStatuses,
  'pending_deletion',
  'pending_merge',
];

/** Whether callers can see a group with this status. */
export function isVisible(status: StoredGroupStatus): status is GroupStatus {
  return status === 'unresolved' || status === 'resolved' || status === 'ignored';
}
