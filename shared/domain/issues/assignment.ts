import { type Actor, formatActor, sameActor } from '../actor.ts';
import { hasFeature, TEAM_WORKFLOW_NOTIFICATIONS } from '../directory.ts';
import type { ActivityData } from './activity.ts';
import type { Assignee, Assignment, AssignmentSource } from './assignee.ts';
import { type GroupChanges, record } from './group-changes.ts';
import type { Lease } from './lease.ts';
import { removeAssigned, type Subscription, subscribe } from './subscription.ts';

export type AssignOptions = {
  /** Only where nobody is assigned: never replaces an assignee. */
  readonly createOnly?: boolean;
  /** Counts as an assignment even when the same assignee is set already. */
  readonly force?: boolean;
  /**
   * What the activity's data says beside the assignee: the integration or the rule that assigned.
   */
  readonly extra?: ActivityData;
  readonly source?: AssignmentSource;
  /**
   * When the assignment ends by itself, null for never; also of who is assigned already, unless
   * only an assignment of nobody's group was asked for. Absent, it stays as it is, and a new
   * assignment has none.
   */
  readonly lease?: Lease | null;
};

/** Why an assignment ended without anybody's doing. */
export type EndReason = 'expired';

export type DeassignOptions = {
  readonly source?: AssignmentSource;
  /** What ends by itself forgets that a person made it: the next event may assign again. */
  readonly reason?: EndReason;
};

export type AssignVerdict = {
  readonly newAssignment: boolean;
  readonly updatedAssignment: boolean;
};

/** Whether an assignment of `target` changes anything, and how, given who is assigned now. */
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
 * Assigns the draft's group. Who holds it then is subscribed, also who held it before; the row, the
 * activity and the event follow only if the verdict says that something changed, and
 * then the old assignee's subscription goes. Who does not get the group, because somebody else
 * keeps it, gets nothing.
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
    return {
      ...verdict,
      changes: withLease(subscribed, options),
    };
  }

  const extra = options.extra ?? {};
  const source = options.source ?? null;
  const changed = nextAssignment(changes, {
    assignee: target.actor,
    source,
    lastAssignedManually: !('integration' in extra),
    lease: options.lease ?? null,
  });
  const recorded = record(
    { ...subscribed, assignment: changed },
    {
      activity: {
        type: 'assigned',
        userId: changes.actingUserId,
        data: { ...describeAssignee(target), ...extra },
        history: 'assigned',
      },
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

/** Unassigns the draft's group. Nothing at all happens where nobody is assigned. */
export function deassign(
  changes: GroupChanges,
  { source = null, reason }: DeassignOptions = {},
): { readonly changes: GroupChanges; readonly unassigned: boolean } {
  const previous = changes.assignment?.assignee ?? null;
  if (previous === null) {
    return { changes, unassigned: false };
  }
  const changed = nextAssignment(changes, {
    assignee: null,
    source,
    lastAssignedManually:
      reason === undefined ? (changes.assignment?.lastAssignedManually ?? null) : null,
    lease: null,
  });
  const recorded = record(
    { ...changes, assignment: changed },
    {
      activity: {
        type: 'unassigned',
        userId: changes.actingUserId,
        data: reason === undefined ? null : { reason },
        history: 'unassigned',
      },
      event: {
        type: 'issue.unassigned',
        version: changed.version,
        data: { previous, source },
      },
    },
  );
  return { changes: removeOldAssignees(recorded, previous, null), unassigned: true };
}

/** Tells once that the group's assignment is about to end. */
export function tellEnding(changes: GroupChanges): GroupChanges {
  const { assignment } = changes;
  if (!assignment?.assignee || assignment.lease === undefined) {
    return changes;
  }
  const { assignee, version, lease } = assignment;
  return record(
    { ...changes, assignment: { ...assignment, lease: { ...lease, isEndingTold: true } } },
    {
      event: {
        type: 'issue.lease_ending',
        version,
        data: { assignee, expiresAt: lease.expiresAt },
      },
    },
  );
}

/** The same assignment until another time; as it is where that is the time that it has. */
function withLease(changes: GroupChanges, { lease, createOnly }: AssignOptions): GroupChanges {
  const { assignment } = changes;
  const isSame = lease?.expiresAt === assignment?.lease?.expiresAt;
  if (assignment === null || lease === undefined || isSame || createOnly) {
    return changes;
  }
  const { lease: _, ...rest } = assignment;
  return { ...changes, assignment: { ...rest, ...(lease === null ? {} : { lease }) } };
}

/**
 * Takes from everybody who does not hold the group any more the subscription that they had for
 * holding it; a subscription for any other reason stays. Whoever belongs to the new assignee keeps
 * theirs.
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

/** Somebody who follows the group already, or wants not to, need not be asked to again. */
function withoutRow(subscribers: readonly Actor[], stored: readonly Subscription[]): Actor[] {
  const known = new Set(stored.map(({ subscriber }) => formatActor(subscriber)));
  return subscribers.filter((subscriber) => !known.has(formatActor(subscriber)));
}

/**
 * Who is subscribed when `target` is assigned: the user; the team as one, or each of its members.
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
    readonly lastAssignedManually: boolean | null;
    readonly lease: Lease | null;
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
    lastAssignedManually: change.lastAssignedManually,
    ...(change.lease === null ? {} : { lease: change.lease }),
  };
}

/**
 * `now`, or a millisecond after `previous` where the clock of this machine is behind the one that
 * wrote it.
 */
function laterThan(previous: string | null, now: string): string {
  if (previous === null || previous < now) {
    return now;
  }
  return new Date(Date.parse(previous) + 1).toISOString();
}
