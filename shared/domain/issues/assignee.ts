import type { Actor } from '../actor.ts';
import type { GroupId, LinkId, OrganizationId, ProjectId } from '../ids.ts';
import type { Lease } from './lease.ts';

/**
 * The cause of an assignment: null for a caller, `auto` for an owner rule, else the id of the
 * integration that reported it.
 */
export type AssignmentSource = string | null;

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
  /** When it ends by itself; absent for an assignment that stays until somebody changes it. */
  readonly lease?: Lease;
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
