import type { GroupId, OrganizationId, ProjectId, TeamId } from '../ids.ts';
import type { SeenRelease } from '../release.ts';

/** The states that an API caller can see or ask for. */
export type GroupStatus = 'unresolved' | 'resolved' | 'ignored';

/** A stored state: beside the visible ones, those of one that is being merged or deleted. */
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
 * What a status was set with: a release it is resolved in, or the conditions that end an archive.
 */
export type StatusDetails = Readonly<Record<string, string | number | boolean>>;

/** The counters as they stood when the window for events, and the one for users, last began. */
export type SnoozeBaseline = {
  readonly timesSeen: number;
  readonly at: string;
  readonly userCount: number;
  /** Absent where both windows began together. */
  readonly usersAt?: string;
};

/** Which team owns a group, whoever it is assigned to. */
export type OwnerTeam = {
  /** Null for a group that has none any more. */
  readonly teamId: TeamId | null;
  /** Whether a person chose it: rules leave that alone. */
  readonly isManual: boolean;
  /** Rises by one with each other team. */
  readonly version: number;
};

/** A group: many events, one problem. Times are ISO 8601 in UTC. */
export type Group = {
  readonly id: GroupId;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
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
  /** Where the counters of an archive begin that ends after so many events or users; else null. */
  readonly snoozeBaseline: SnoozeBaseline | null;
  /** The newest release that the group was seen in; null where no event has named one. */
  readonly newestRelease: SeenRelease | null;
  /**
   * Where a group is resolved in the next release, the one that it comes after: the newest when it
   * was resolved. Null where no release was known then, and for a group in any other state.
   */
  readonly resolvedAfter: SeenRelease | null;
  readonly priority: GroupPriority | null;
  readonly priorityLockedAt: string | null;
  /** Whether the group still waits in the inbox for somebody's review. */
  readonly inInbox: boolean;
  readonly timesSeen: number;
  readonly userCount: number;
  /** How many notes people wrote about it. */
  readonly numComments: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The names of the first environments that it was seen in, in that order. */
  readonly environments: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * Whether it was ever linked to an external issue; absent where nobody knows, as for groups from
   * before December 2026.
   */
  readonly linked?: boolean;
  /** Absent for a group that no team ever owned. */
  readonly ownerTeam?: OwnerTeam;
};

export const groupPriorities: readonly GroupPriority[] = ['low', 'medium', 'high'];

export const groupStatuses: readonly GroupStatus[] = ['unresolved', 'resolved', 'ignored'];

/** Every state that a group can be stored in: together their lists hold all groups of a project. */
export const storedGroupStatuses: readonly StoredGroupStatus[] = [
  ...groupStatuses,
  'pending_deletion',
  'pending_merge',
];

/** Whether callers can see a group in this state. */
export function isVisible(status: StoredGroupStatus): status is GroupStatus {
  return status === 'unresolved' || status === 'resolved' || status === 'ignored';
}
