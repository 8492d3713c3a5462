import type { Actor } from '../../domain/actor.ts';
import type { GroupId, OrganizationId, TeamId, UserId } from '../../domain/ids.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { GroupChangeStore } from '../../stores/issues/group-changes.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { Clock } from '../deps.ts';
import { readTeamPeople, type TeamPeopleDeps } from './team-people.ts';

export type UnsubscribeFromTeamDeps = TeamPeopleDeps & {
  readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo' | 'ofGroups'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofUser'>;
  readonly followers: Pick<FollowerStore, 'listsWith'>;
  readonly groupChanges: Pick<GroupChangeStore, 'unfollow'>;
  readonly clock: Clock;
};

export type LeftTeam = {
  readonly organizationId: OrganizationId;
  readonly teamId: TeamId;
  readonly userId: UserId;
};

const PAGE_SIZE = 100;
/** Groups written at the same time. */
const WIDTH = 16;

/**
 * Who has left a team no longer follows the issues that are the team's, as far as they followed
 * them for that alone. Walks the team's issues page by page, and stops where the member is back.
 * Safe to repeat: what is done is found done.
 */
export async function unsubscribeFromTeam(
  deps: UnsubscribeFromTeamDeps,
  left: LeftTeam,
): Promise<void> {
  const { organizationId, teamId, userId } = left;
  const actor: Actor = { type: 'team', id: teamId };
  let after: Record<string, unknown> | undefined;
  do {
    const people = await readTeamPeople(deps, teamId);
    if (people?.userIds.includes(userId)) {
      return;
    }
    const page = await deps.assignments.groupsAssignedTo({
      organizationId,
      actor,
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    await unsubscribe(deps, left, page.groupIds);
    after = page.next;
  } while (after !== undefined);
}

/** The list of the team's issues may lag behind: whose an issue is, its own row says. */
async function unsubscribe(
  deps: UnsubscribeFromTeamDeps,
  left: LeftTeam,
  groupIds: readonly GroupId[],
): Promise<void> {
  let wanted = groupIds;
  await redecide(async () => {
    wanted = await unsubscribeOnce(deps, left, wanted);
    return wanted.length > 0 ? AGAIN : undefined;
  });
}

/** Answers the groups that others were changing meanwhile. */
async function unsubscribeOnce(
  deps: UnsubscribeFromTeamDeps,
  { teamId, userId }: LeftTeam,
  groupIds: readonly GroupId[],
): Promise<string[]> {
  const assignments = await deps.assignments.ofGroups(groupIds);
  const held = [...assignments.values()].filter(
    ({ assignee }) => assignee?.type === 'team' && assignee.id === teamId,
  );
  const [before, lists] = await Promise.all([
    deps.subscriptions.ofUser(
      userId,
      held.filter((one) => !listsFollowers(one)).map(({ groupId }) => groupId),
    ),
    deps.followers.listsWith(userId, held),
  ]);
  const followed = held.filter(
    ({ groupId }) => lists.has(groupId) || before.get(groupId)?.reason === 'assigned',
  );
  // Holds only while the issue is the team's and the user follows it: else it is read again.
  const done = await mapConcurrently(WIDTH, followed, (assignment) =>
    deps.groupChanges.unfollow({
      assignment,
      userId,
      list: lists.get(assignment.groupId) ?? [],
      now: deps.clock(),
    }),
  );
  return followed.filter((_, index) => !done[index]).map(({ groupId }) => groupId);
}
