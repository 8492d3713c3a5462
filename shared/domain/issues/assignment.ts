import { type Actor, formatActor, sameActor } from '../actor.ts';
import { hasFeature, TEAM_WORKFLOW_NOTIFICATIONS } from '../directory.ts';
import type { ActivityData } from './activity.ts';
import { type GroupChanges, record } from './group-changes.ts';
import { removeAssigned, type Subscription, subscribe } from './subscription.ts';

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
  readonly groupId: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly version: number;
  readonly assignee: Actor | null;
  /** When the present assignee was set; null without an assignee. */
  readonly dateAssigned: string | null;
  /** When the row last changed, strictly later with each version. */
  readonly changedAt: string;
  readonly source: AssignmentSource;
  /**
   * Whether a person made the latest assignment in the API; null if there never was one. An
   * unassign does not change it.
   */
  readonly lastAssignedManually: boolean | null;
  /**
   * Rises when the assignee is subscribed again without a new assignment; absent until then.
   * Together with `version` it tells whether the assignee's subscriptions have changed since they
   * were read.
   */
  readonly subscriptionsVersion?: number;
  /**
   * The link of the tracker that decided or last confirmed this state, and the time of that
   * decision; absent for a decision made here.
   */
  readonly origin?: { readonly linkId: string; readonly decidedAt: string };
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

export type AssignOptions = {
  /** Assigns only a group without an assignee. */
  readonly createOnly?: boolean;
  /** Counts as an assignment even for the present assignee. */
  readonly force?: boolean;
  /** Data of the activity besides the assignee: the integration or the rule that assigned. */
  readonly extra?: ActivityData;
  readonly source?: AssignmentSource;
};

export type AssignVerdict = {
  readonly newAssignment: boolean;
  readonly updatedAssignment: boolean;
};

/**
 * Decides whether assigning `target` changes anything: `newAssignment` where nobody was assigned,
 * `updatedAssignment` where another assignee is replaced.
 */
export function decideAssign(
  current: Actor | null,
  target: Actor,
  options: Pick<AssignOptions, 'createOnly' | 'force'> = {},
): AssignVerdict {
  if (current === null) {
    return { newAssignment: true, updatedAssignment: false };
  }
  const differs = !sameActor(current, target);
  const updated = !options.createOnly && (differs || options.force === true);
  return { newAssignment: false, updatedAssignment: updated };
}

/**
 * Assigns the group. The assignee is subscribed, also one who held the group already. Row,
 * activity, history and event follow only if the assignment changed; the old assignee's
 * subscription is then removed. With `createOnly`, a target that loses against the present assignee
 * gets nothing.
 */
export function assign(
  changes: GroupChanges,
  target: Assignee,
  options: AssignOptions = {},
): AssignVerdict & { readonly changes: GroupChanges } {
  const previous = changes.assignment?.assignee ?? null;
  const verdict = decideAssign(previous, target.actor, options);
  const isAffected = verdict.newAssignment || verdict.updatedAssignment;
  if (!isAffected && !sameActor(previous, target.actor)) {
    return { ...verdict, changes };
  }
  const subscribers = subscribersOf(changes, target);
  const subscribed = {
    ...changes,
    subscriptions: subscribe(
      changes.subscriptions,
      isAffected ? subscribers : withoutRow(subscribers, changes.facts.subscriptions),
      'assigned',
    ),
  };
  if (!isAffected) {
    return { ...verdict, changes: subscribed };
  }

  const extra = options.extra ?? {};
  const source = options.source ?? null;
  const changed = nextAssignment(changes, {
    assignee: target.actor,
    source,
    lastAssignedManually: !('integration' in extra),
  });
  const recorded = record(
    { ...subscribed, assignment: changed },
    {
      activity: {
        type: 'assigned',
        userId: changes.actingUserId,
        data: { ...describeAssignee(target), ...extra },
      },
      history: { status: 'assigned', userId: changes.actingUserId },
      event: {
        type: 'issue.assigned',
        version: changed.version,
        data: { assignee: target.actor, previous, isFirstAssignment: previous === null, source },
      },
    },
  );
  return {
    ...verdict,
    changes: verdict.updatedAssignment ? removeOldAssignees(recorded, previous, target) : recorded,
  };
}

/** Unassigns the group. A group without an assignee stays as it is. */
export function deassign(
  changes: GroupChanges,
  source: AssignmentSource = null,
): { readonly changes: GroupChanges; readonly unassigned: boolean } {
  const previous = changes.assignment?.assignee ?? null;
  if (previous === null) {
    return { changes, unassigned: false };
  }
  const changed = nextAssignment(changes, { assignee: null, source });
  const recorded = record(
    { ...changes, assignment: changed },
    {
      activity: { type: 'unassigned', userId: changes.actingUserId, data: null },
      history: { status: 'unassigned', userId: changes.actingUserId },
      event: {
        type: 'issue.unassigned',
        version: changed.version,
        data: { previous, source },
      },
    },
  );
  return { changes: removeOldAssignees(recorded, previous, null), unassigned: true };
}

/**
 * Removes the subscriptions with the reason `assigned` of everyone who is not (part of) the new
 * assignee. Subscriptions with any other reason stay.
 */
function removeOldAssignees(
  changes: GroupChanges,
  previous: Actor | null,
  next: Assignee | null,
): GroupChanges {
  if (previous === null || sameActor(previous, next?.actor ?? null)) {
    return changes;
  }
  const { subscriptions: stored } = changes.facts;
  const former = stored
    .filter(({ reason, subscriber }) => reason === 'assigned' && !belongsTo(next, subscriber))
    .map(({ subscriber }) => subscriber);
  return { ...changes, subscriptions: removeAssigned(changes.subscriptions, former, stored) };
}

function belongsTo(assignee: Assignee | null, subscriber: Actor): boolean {
  if (assignee === null) {
    return false;
  }
  if (sameActor(assignee.actor, subscriber)) {
    return true;
  }
  return subscriber.type === 'user' && assignee.members.includes(subscriber.id);
}

/** Users with a subscription, active or not, are not subscribed again. */
function withoutRow(subscribers: readonly Actor[], stored: readonly Subscription[]): Actor[] {
  const known = new Set(stored.map(({ subscriber }) => formatActor(subscriber)));
  return subscribers.filter((subscriber) => !known.has(formatActor(subscriber)));
}

/**
 * The subscribers for an assignee: the user; for a team the team itself, or each of its members
 * without the feature `team-workflow-notifications`.
 */
export function subscribersOf(changes: GroupChanges, target: Assignee): readonly Actor[] {
  if (target.actor.type === 'user') {
    return [target.actor];
  }
  if (hasFeature(changes.facts.organization, TEAM_WORKFLOW_NOTIFICATIONS)) {
    return [target.actor];
  }
  return target.members.map((id) => ({ type: 'user', id }));
}

function describeAssignee(target: Assignee): ActivityData {
  return {
    assignee: target.actor.id,
    assigneeEmail: target.email,
    assigneeType: target.actor.type,
    ...(target.actor.type === 'team' ? { assigneeName: target.name } : {}),
  };
}

function nextAssignment(
  changes: GroupChanges,
  change: {
    readonly assignee: Actor | null;
    readonly source: AssignmentSource;
    readonly lastAssignedManually?: boolean;
  },
): Assignment {
  const before = changes.assignment;
  const changedAt = laterThan(before?.changedAt ?? null, changes.now);
  return {
    groupId: changes.group.id,
    organizationId: changes.group.organizationId,
    projectId: changes.group.projectId,
    version: (before?.version ?? 0) + 1,
    assignee: change.assignee,
    dateAssigned: change.assignee === null ? null : changedAt,
    changedAt,
    source: change.source,
    lastAssignedManually: change.lastAssignedManually ?? before?.lastAssignedManually ?? null,
  };
}

/**
 * `now`, or a millisecond after `previous` where this machine's clock is behind the clock that
 * wrote `previous`: times rise with each version.
 */
function laterThan(previous: string | null, now: string): string {
  if (previous === null || previous < now) {
    return now;
  }
  return new Date(Date.parse(previous) + 1).toISOString();
}
