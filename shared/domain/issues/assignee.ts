import type { Actor } from '../actor.ts';
import type { GroupId, LinkId, OrganizationId, ProjectId } from '../ids.ts';

/**
 * The cause of an assignment: null for a caller, `auto` for an owner rule, else the id of the
 * integration that reported it.
 */
export type AssignmentSource = string | null;

/** What assigns issues by itself, as the activity of an assignment calls it. */
export const ASSIGNED_BY = ['projectOwnership', 'codeowners', 'suspectCommitter'] as const;
export type AssignedBy = (typeof ASSIGNED_BY)[number];

/**
 * Why an issue's holder may not hold it any more: they are no member, their account is off, the
 * team is gone or has left the project, or the organization's rules would not let them have it.
 */
export const orphanCauses = ['left', 'deactivated', 'team_left', 'no_access'] as const;
export type OrphanCause = (typeof orphanCauses)[number];

/** Why an assignment ended without anybody's doing. */
export const endReasons = ['expired', 'orphaned'] as const;
export type EndReason = (typeof endReasons)[number];

/**
 * The row of a group's assignment. It lives as long as the group, and every assign, reassign and
 * unassign raises `version` by one. An unassigned group that was assigned before has a row without
 * an assignee.
 */
export type Assignment = {
  readonly groupId: GroupId;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly version: number;
  readonly assignee: Actor | null;
  /** When the present assignee was set; null without an assignee. */
  readonly dateAssigned: string | null;
  /** When the row last changed, strictly later with each version. */
  readonly changedAt: string;
  readonly source: AssignmentSource;
  /**
   * Whether a person made the latest assignment in the API; null if there never was one. An
   * unassign does not change it, but for that of an assignment that ended by itself.
   */
  readonly lastAssignedManually: boolean | null;
  /** Why the assignment before this one ended by itself; absent where somebody decided. */
  readonly followsEnd?: EndReason;
  /** When it ends by itself; absent for an assignment that stays until somebody changes it. */
  readonly lease?: Lease;
  /**
   * What assigned the issue by itself; absent without an assignee, for any other cause, and in rows
   * from before December 2026.
   */
  readonly assignedBy?: AssignedBy;
  /**
   * Rises when somebody begins or ceases to follow without a new assignment; absent until then.
   * Together with `version` it tells whether the followers have changed since they were read.
   */
  readonly subscriptionsVersion?: number;
  /** Who follows the group for holding it, where they are few enough to be listed here. */
  readonly followers?: readonly Actor[];
  /**
   * In how many pages of their own the followers are listed, 0 where they are listed here. Absent
   * in rows from before December 2026: there each follower has a subscription of their own, and
   * `followers` are some of them.
   */
  readonly followerPages?: number;
  /**
   * The link of the tracker that decided or last confirmed this state, and the time of that
   * decision; absent for a decision made here.
   */
  readonly origin?: { readonly linkId: LinkId; readonly decidedAt: string };
  /**
   * Why the assignee may not hold the issue, and since when that is known; absent where they may.
   * It is listed while the issue is open.
   */
  readonly orphan?: {
    readonly cause: OrphanCause;
    readonly since: string;
    readonly isListed: boolean;
  };
};

/** The new assignee, with the facts that the rules need. */
export type Assignee = {
  readonly actor: Actor;
  /** The user's primary address; null for teams. */
  readonly email: string | null;
  /** The user's display name, or the team's slug. */
  readonly name: string;
  /** A team's active members; empty for users. */
  readonly members: readonly string[];
};

/** When an assignment ends by itself. */
export type Lease = {
  /** ISO 8601 in UTC. */
  readonly expiresAt: string;
  /** Whether `issue.lease_ending` has been told of it. */
  readonly isEndingTold: boolean;
};

/** Seconds that an assignment may last: an hour at least, a year at most. */
export const SHORTEST_LEASE = 3_600;
export const LONGEST_LEASE = 31_536_000;

/** So long before its end it is told that a lease is ending. */
const NOTICE_MS = 3_600_000;

/** The lease of an assignment that lasts so many seconds from `now`. */
export function leaseFrom(now: string, seconds: number): Lease {
  return { expiresAt: after(now, seconds * 1_000), isEndingTold: false };
}

/** When something is to be done about a lease: its end is told, and then it ends. */
export function leaseDueAt({ expiresAt, isEndingTold }: Lease): string {
  return isEndingTold ? expiresAt : after(expiresAt, -NOTICE_MS);
}

/** What of an assignment its end depends on. */
type Leased = { readonly assignee: Actor | null; readonly lease?: Lease };

/**
 * What is to be done about the lease of an assignment now. One that has run out ends, also where
 * nobody was told before.
 */
export function leaseStep(assignment: Leased | null, now: string): 'nothing' | 'tell' | 'end' {
  const lease = assignment?.lease;
  if (!assignment?.assignee || lease === undefined || leaseDueAt(lease) > now) {
    return 'nothing';
  }
  return lease.expiresAt <= now ? 'end' : 'tell';
}

function after(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
