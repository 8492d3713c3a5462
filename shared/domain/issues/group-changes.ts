import type { Actor } from '../actor.ts';
import type { Organization } from '../directory.ts';
import type { NewEvent } from '../events.ts';
import type { UserId } from '../ids.ts';
import type { NewActivity } from './activity.ts';
import type { Assignment } from './assignee.ts';
import type { Group } from './group.ts';
import { noSubscriptionChanges, type SubscriptionChanges } from './subscription.ts';

/**
 * A group and what surrounds it, as it was read. Decisions about it hold only while these rows
 * are unchanged.
 */
export type GroupFacts = {
  readonly group: Group;
  readonly organization: Organization;
  /** The assignment's row; null for a group that was never assigned. */
  readonly assignment: Assignment | null;
  /** Who follows the group for holding it; null where nobody has read it. */
  readonly followers: readonly Actor[] | null;
  /** The public link's id; null when the group is not shared. */
  readonly shareId: string | null;
};

/** One user's own flags on the group. */
export type UserFlagChange = {
  readonly userId: UserId;
  readonly hasSeen?: boolean;
  readonly isBookmarked?: boolean;
};

/**
 * All that one request will do to one group, while it is being decided. Each rule takes the
 * changes that were decided so far and adds its own; the whole is committed at once, or not at all.
 */
export type GroupChanges = {
  readonly facts: GroupFacts;
  readonly now: string;
  /** The user who acts; null for Baton itself and for an organization's token. */
  readonly actingUserId: UserId | null;
  readonly group: Group;
  readonly assignment: Assignment | null;
  readonly shareId: string | null;
  /** What becomes of the subscriptions that people make themselves. */
  readonly subscriptions: SubscriptionChanges;
  /** Who follows the group for holding it from now on; null where that stays as it is. */
  readonly followers: readonly Actor[] | null;
  readonly userFlags: UserFlagChange | null;
  readonly activities: readonly NewActivity[];
  readonly events: readonly NewEvent[];
};

/** Changes in which nothing is changed yet. `now` is ISO 8601 in UTC. */
export function startChanges(
  facts: GroupFacts,
  context: { readonly now: string; readonly actingUserId: UserId | null },
): GroupChanges {
  return {
    facts,
    now: context.now,
    actingUserId: context.actingUserId,
    group: facts.group,
    assignment: facts.assignment,
    shareId: facts.shareId,
    subscriptions: noSubscriptionChanges,
    followers: null,
    userFlags: null,
    activities: [],
    events: [],
  };
}

/** Whether changes make anything of their group other than it was, beside who follows it. */
export function changesRows({ facts, ...changes }: GroupChanges): boolean {
  return (
    changes.group !== facts.group ||
    changes.assignment !== facts.assignment ||
    changes.shareId !== facts.shareId ||
    changes.userFlags !== null
  );
}

/**
 * Whether changes assign or unassign their group: an assignment that only ends at another time is
 * the same one.
 */
export function changesAssignee({ assignment, facts }: GroupChanges): boolean {
  return (assignment?.version ?? 0) !== (facts.assignment?.version ?? 0);
}

/** Adds an activity and an event to the changes. */
export function record(
  changes: GroupChanges,
  happened: {
    readonly activity?: NewActivity;
    readonly event?: NewEvent;
  },
): GroupChanges {
  return {
    ...changes,
    activities: happened.activity ? [...changes.activities, happened.activity] : changes.activities,
    events: happened.event ? [...changes.events, happened.event] : changes.events,
  };
}
