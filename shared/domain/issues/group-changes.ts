import type { Organization } from '../directory.ts';
import type { NewEvent } from '../events.ts';
import type { NewActivity, NewHistory } from './activity.ts';
import type { Assignment } from './assignment.ts';
import type { Group } from './group.ts';
import {
  noSubscriptionChanges,
  type Subscription,
  type SubscriptionChanges,
} from './subscription.ts';

/**
 * A group and the rows around it, as they were read. A decision about the group is valid only while
 * these rows are unchanged.
 */
export type GroupFacts = {
  readonly group: Group;
  readonly organization: Organization;
  /** The row of the assignment; null for a group that was never assigned. */
  readonly assignment: Assignment | null;
  /**
   * The group's subscriptions. Read only where the group has an assignee, whose subscription may
   * have to be removed.
   */
  readonly subscriptions: readonly Subscription[];
  /** The id of the public link; null for a group that is not shared. */
  readonly shareId: string | null;
};

/** A change of one user's flags on the group. */
export type UserFlagChange = {
  readonly userId: string;
  readonly hasSeen?: boolean;
  readonly isBookmarked?: boolean;
};

/**
 * The changes that one request makes to one group. Each rule takes them and returns them with its
 * own changes added; one transaction commits all of them or none.
 */
export type GroupChanges = {
  readonly facts: GroupFacts;
  readonly now: string;
  /** The acting user; null for Baton itself and for an organization's token. */
  readonly actingUserId: string | null;
  readonly group: Group;
  readonly assignment: Assignment | null;
  readonly shareId: string | null;
  readonly subscriptions: SubscriptionChanges;
  readonly userFlags: UserFlagChange | null;
  readonly activities: readonly NewActivity[];
  readonly history: readonly NewHistory[];
  readonly events: readonly NewEvent[];
};

/** Changes that change nothing yet. `now` is ISO 8601 in UTC. */
export function startChanges(
  facts: GroupFacts,
  context: { readonly now: string; readonly actingUserId: string | null },
): GroupChanges {
  return {
    facts,
    now: context.now,
    actingUserId: context.actingUserId,
    group: facts.group,
    assignment: facts.assignment,
    shareId: facts.shareId,
    subscriptions: noSubscriptionChanges,
    userFlags: null,
    activities: [],
    history: [],
    events: [],
  };
}

/** Whether the changes affect a row other than subscriptions. */
export function changesRows({ facts, ...changes }: GroupChanges): boolean {
  return (
    changes.group !== facts.group ||
    changes.assignment !== facts.assignment ||
    changes.shareId !== facts.shareId ||
    changes.userFlags !== null
  );
}

/** Adds an activity, an entry of the history and an event to the changes. */
export function record(
  changes: GroupChanges,
  happened: {
    readonly activity?: NewActivity;
    readonly history?: NewHistory;
    readonly event?: NewEvent;
  },
): GroupChanges {
  return {
    ...changes,
    activities: happened.activity ? [...changes.activities, happened.activity] : changes.activities,
    history: happened.history ? [...changes.history, happened.history] : changes.history,
    events: happened.event ? [...changes.events, happened.event] : changes.events,
  };
}
