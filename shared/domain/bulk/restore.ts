import type { Actor } from '../actor.ts';
import { sameActor } from '../actor.ts';
import type { ActivityType } from '../issues/activity.ts';
import type { Assignee, Assignment } from '../issues/assignee.ts';
import { assign, deassign } from '../issues/assignment.ts';
import type { GroupStatus } from '../issues/group.ts';
import { type GroupChanges, record } from '../issues/group-changes.ts';
import { restoreOwnerTeam } from '../issues/owner-team.ts';
import type { NotedState } from './noted-state.ts';

/** Gives a group back to who held it, as they held it: until when, and by whose doing. */
export function restoreHolder(
  changes: GroupChanges,
  { assignedTo = null, holder }: NotedState,
  assigneeOf: (actor: Actor) => Assignee | null,
): GroupChanges {
  const target = assignedTo === null ? null : assigneeOf(assignedTo);
  const isHolder = sameActor(changes.assignment?.assignee ?? null, assignedTo);
  const held =
    target === null || isHolder ? leave(changes, isHolder) : assign(changes, target).changes;
  if (held.assignment === null || holder === undefined) {
    return held;
  }
  const { lease: _, assignedBy: __, ...rest } = held.assignment;
  const assignment: Assignment = {
    ...rest,
    source: holder.source === 'auto' ? 'auto' : null,
    lastAssignedManually: holder.lastAssignedManually,
    ...(holder.lease === null ? {} : { lease: holder.lease }),
    ...(holder.assignedBy === null ? {} : { assignedBy: holder.assignedBy }),
  };
  return { ...held, assignment };
}

function leave(changes: GroupChanges, isHolder: boolean): GroupChanges {
  return isHolder ? changes : deassign(changes).changes;
}

/** Sets the status of a group to one that it had, with all that it was set with. */
export function restoreStatus(changes: GroupChanges, state: NotedState): GroupChanges {
  const { status, substatus = null, statusDetails = {}, review } = state;
  if (status === undefined || review === undefined) {
    return changes;
  }
  const { group: before } = changes;
  const version = before.statusVersion + 1;
  const group = { ...before, status, substatus, statusDetails, ...review, statusVersion: version };
  const { status: previous, substatus: previousSubstatus } = before;
  return record(
    { ...changes, group },
    {
      activity: {
        type: activityOf[status],
        userId: changes.actingUserId,
        data: Object.keys(statusDetails).length > 0 ? statusDetails : null,
        history: status,
      },
      event: {
        type: 'issue.status_changed',
        version,
        data: {
          status,
          substatus,
          previous: { status: previous, substatus: previousSubstatus },
          source: null,
        },
      },
    },
  );
}

const activityOf: Readonly<Record<GroupStatus, ActivityType>> = {
  unresolved: 'set_unresolved',
  resolved: 'set_resolved',
  ignored: 'set_ignored',
};

/** Gives a group back to the team that owned it, by a person's choice or by the rules. */
export function restoreOwner(
  changes: GroupChanges,
  { ownerTeam = null, isOwnerManual = false }: NotedState,
): GroupChanges {
  return restoreOwnerTeam(changes, {
    teamId: ownerTeam?.id ?? null,
    isManual: isOwnerManual,
  });
}
