import type { Actor } from '../../domain/actor.ts';
import type { BusEvent } from '../../domain/events.ts';
import { followUpSubscriptions, type Holder } from '../../domain/issues/subscription-followup.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { GroupChangeStore } from '../../stores/issues/group-changes.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { Clock } from '../deps.ts';
import { readTeamPeople, type TeamPeopleDeps } from '../directory/team-people.ts';

export type FollowUpDeps = TeamPeopleDeps & {
  readonly assignments: Pick<AssignmentStore, 'ofGroup'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofGroup'>;
  readonly groupChanges: Pick<GroupChangeStore, 'commitSubscriptions'>;
  readonly clock: Clock;
};

type Pending = BusEvent<'issue.subscriptions_pending'>['detail'];

/**
 * Completes the subscriptions of an assignment to, or from, a team too large for one transaction.
 * Every page of writes holds only while the assignment is the one that was read; where it moved,
 * everything is read again. Safe to repeat.
 */
export async function followUpAssignment(
  deps: FollowUpDeps,
  event: Pick<Pending, 'groupId' | 'organizationId' | 'projectId' | 'data'>,
): Promise<void> {
  const { groupId, organizationId, projectId } = event;
  const { assignee } = event.data;
  const assignment = await deps.assignments.ofGroup(groupId);
  const [current, stored] = await Promise.all([
    holder(deps, assignment?.assignee ?? null),
    deps.subscriptions.ofGroup(groupId),
  ]);
  const subscriptionChanges = followUpSubscriptions(assignee, current, stored);
  const done = await deps.groupChanges.commitSubscriptions({
    group: { id: groupId, organizationId, projectId },
    subscriptionChanges,
    readVersion: assignment?.version ?? null,
    now: deps.clock(),
  });
  if (!done) {
    await followUpAssignment(deps, event);
  }
}

async function holder(deps: FollowUpDeps, actor: Actor | null): Promise<Holder | null> {
  if (actor === null) {
    return null;
  }
  if (actor.type === 'user') {
    return { actor, userIds: [actor.id] };
  }
  return { actor, userIds: (await readTeamPeople(deps, actor.id))?.userIds ?? [] };
}
