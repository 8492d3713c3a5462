import { type Actor, sameActor } from '../actor.ts';
import type { ActivityData } from './activity.ts';
import {
  ASSIGNED_BY,
  type AssignedBy,
  type Assignee,
  type Assignment,
  type AssignmentSource,
  type EndReason,
  type Lease,
} from './assignee.ts';
import {
  followersOf,
  followersTogether,
  followsAsOne,
  isAmong,
  requireFollowers,
} from './followers.ts';
import { type GroupChanges, record } from './group-changes.ts';

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
  /** Why the assignment that this one replaces ended, where it did so by itself. */
  readonly reason?: EndReason | undefined;
  /**
   * When the assignment ends by itself, null for never; also of who is assigned already, unless
   * only an assignment of nobody's group was asked for. Absent, it stays as it is, and a new
   * assignment has none.
   */
  readonly lease?: Lease | null;
};

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
 * Assigns the group of the changes. Who holds it then follows it, also who held it before; the row,
 * the activity and the event follow only if the verdict says that something changed, and then who
 * followed for holding it before does so no longer. Who does not get the group, because somebody
 * else keeps it, gets nothing.
 */
export function assign(
  changes: GroupChanges,
  target: Assignee,
  options: AssignOptions = {},
): AssignVerdict & { readonly changes: GroupChanges } {
  const previous = changes.assignment?.assignee ?? null;
  const verdict = decideAssign(previous, target.actor, options);
  const isAffected = verdict.newAssignment || verdict.updatedAssignment;
  if (!isAffected) {
    const isHolder = sameActor(previous, target.actor);
    return {
      ...verdict,
      changes: isHolder ? withLease(followAgain(changes, target), options) : changes,
    };
  }

  const { reason } = options;
  const extra: ActivityData = {
    ...options.extra,
    ...(reason === undefined ? {} : { reason }),
  };
  const source = options.source ?? null;
  const changed = nextAssignment(changes, {
    assignee: target.actor,
    source,
    lastAssignedManually: !('integration' in extra),
    lease: options.lease ?? null,
    // Trackers may not have heard yet that nobody held it in between.
    followsEnd: reason ?? (previous === null ? changes.assignment?.followsEnd : undefined),
    assignedBy: ASSIGNED_BY.find((name) => name === extra.integration),
  });
  const recorded = record(
    { ...changes, assignment: changed, followers: followersFor(changes, target) },
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
  return { ...verdict, changes: recorded };
}

/**
 * Unassigns the group of the changes, and nobody follows it for holding it any more. Nothing at all
 * happens where nobody is assigned.
 */
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
    followsEnd: reason,
  });
  const recorded = record(
    { ...changes, assignment: changed, followers: [] },
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
  return { changes: recorded, unassigned: true };
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
 * Who follows a group that `target` gets. Whoever followed it for holding it and belongs to the new
 * assignee goes on doing so, also where the new assignee is a team that follows as one.
 */
function followersFor(changes: GroupChanges, target: Assignee): readonly Actor[] {
  const previous = changes.assignment?.assignee ?? null;
  const subscribers = subscribersOf(changes, target);
  if (previous === null) {
    return subscribers;
  }
  const isSame = sameActor(previous, target.actor);
  if (!isSame && !followsAsOne(changes.facts.organization, target.actor)) {
    return subscribers;
  }
  const before = followersOf(changes) ?? requireFollowers(changes.facts);
  const kept = before.filter((follower) => isSame || belongsTo(target, follower));
  return followersTogether(kept, subscribers);
}

/** Whoever holds a group and does not follow it, as who has come to the team since, does again. */
function followAgain(changes: GroupChanges, target: Assignee): GroupChanges {
  const before = followersOf(changes) ?? requireFollowers(changes.facts);
  const isNews = subscribersOf(changes, target).some((one) => !isAmong(before, one));
  return isNews ? { ...changes, followers: followersFor(changes, target) } : changes;
}

function belongsTo(assignee: Assignee, follower: Actor): boolean {
  if (sameActor(assignee.actor, follower)) {
    return true;
  }
  return follower.type === 'user' && assignee.members.includes(follower.id);
}

/**
 * Who is subscribed when `target` is assigned: the user; the team as one, or each of its members.
 */
function subscribersOf(changes: GroupChanges, target: Assignee): readonly Actor[] {
  const { actor, members } = target;
  if (actor.type === 'user' || followsAsOne(changes.facts.organization, actor)) {
    return [actor];
  }
  return members.map((id) => ({ type: 'user', id }));
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
    readonly followsEnd: EndReason | undefined;
    readonly assignedBy?: AssignedBy | undefined;
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
    ...(change.followsEnd === undefined ? {} : { followsEnd: change.followsEnd }),
    ...(change.lease === null ? {} : { lease: change.lease }),
    ...(change.assignedBy === undefined ? {} : { assignedBy: change.assignedBy }),
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
