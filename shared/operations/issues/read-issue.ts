import { type Actor, actorFromText } from '../../domain/actor.ts';
import type { Team, User } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { Activity } from '../../domain/issues/activity.ts';
import { listsFollowers, subscriptionsOf } from '../../domain/issues/followers.ts';
import { type Group, isVisible } from '../../domain/issues/group.ts';
import { ownerTeamOf } from '../../domain/issues/owner-team.ts';
import type { Subscription } from '../../domain/issues/subscription.ts';
import {
  flagsOfUser,
  NOTHING_BEFORE,
  NOTHING_SET,
  seenBy,
  type UserFlags,
} from '../../domain/issues/user-flags.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ActivityStore } from '../../stores/issues/activities.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { SetOfGroup, UserFlagStore } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore, SuggestedOwner } from '../../stores/ownership/group-owners.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { type CommittedIssue, withCommitted } from './committed-issue.ts';

export type ReadIssueDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly projects: Pick<ProjectStore, 'byIds'>;
  readonly followers: Pick<FollowerStore, 'ofAssignments'>;
  readonly activities: Pick<ActivityStore, 'ofGroup'>;
  readonly userFlags: Pick<UserFlagStore, 'ofGroup' | 'beforeUserRows'>;
  readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
  readonly users: Pick<UserStore, 'byIds'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
};

/** The people and teams that an answer names, by id; those that are deleted are missing. */
export type Names = {
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
};

/** A group and the project that it is in, both there for callers to see. */
export type IssueRow = AssignedGroupRow & { readonly project: Project };

/** An issue with all that its own page shows. */
export type IssueDetail = IssueRow & {
  /** Newest first. */
  readonly activities: readonly Activity[];
  readonly subscriptions: readonly Subscription[];
  /** The caller's own flags and subscription; none without a user. */
  readonly userFlags: UserFlags;
  readonly ownSubscription: Subscription | null;
  /** Newest first. */
  readonly seenBy: readonly { readonly userId: UserId; readonly lastSeen: string }[];
  readonly owners: readonly SuggestedOwner[];
  readonly names: Names;
};

/**
 * A page of an issue's history holds 100 entries, the last of which says when the issue was first
 * seen.
 */
const ACTIVITIES_SHOWN = 99;

/**
 * Reads an issue with its surroundings, in two round trips, three where it
 * is from before December 2026 or a large team follows it. Throws `resource.not_found` for a group
 * that is not there, is being deleted, is in a project that is, or belongs to none of these
 * organizations; where an update of it was `committed` just before, that is answered instead.
 */
export async function readIssue(
  deps: ReadIssueDeps,
  input: {
    readonly groupId: GroupId;
    readonly organizationIds: readonly OrganizationId[];
    readonly callerUserId: string | null;
    readonly committed?: CommittedIssue;
  },
): Promise<IssueDetail> {
  const { groupId, callerUserId, committed } = input;
  const [rows, set, { activities }, owners] = await Promise.all([
    deps.groups.withAssignments([groupId]),
    deps.userFlags.ofGroup(groupId),
    deps.activities.ofGroup({ groupId, limit: ACTIVITIES_SHOWN }),
    deps.owners.ofGroup(groupId),
  ]);
  const found = rows.get(groupId);
  const isGone = found === undefined || !isVisible(found.group.status);
  const row = committed && isGone ? rowOf(committed) : requireRow(found, input.organizationIds);
  const { viewers, ...read } = await readSurroundings(deps, row, set, callerUserId);
  const { subscriptions, userFlags } =
    committed && isGone ? withCommitted(committed, read, callerUserId) : read;
  const actors: Actor[] = [
    ...(row.assignment?.assignee ? [row.assignment.assignee] : []),
    ...ownedBy(row.group),
    ...subscriptions.map(({ subscriber }) => subscriber),
    ...ownersActors(owners),
    ...[...activities, ...viewers].flatMap(({ userId }) =>
      userId === null ? [] : [{ type: 'user', id: userId } as const],
    ),
  ];
  const [projects, names] = await Promise.all([
    deps.projects.byIds([row.group.projectId]),
    namesOf(deps, actors),
  ]);
  const project = projects.get(row.group.projectId);
  return {
    ...row,
    project:
      project?.status === 'active' || !committed ? requireProject(project) : committed.project,
    activities,
    subscriptions,
    userFlags,
    ownSubscription: ownSubscriptionOf(subscriptions, callerUserId),
    seenBy: [...viewers].sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1)),
    owners: ownersThere(owners, names),
    names,
  };
}

/**
 * Who follows an issue, what the caller has set of it, and who has seen it. Nothing is read beside
 * what anybody has set of it, but for followers that have pages of their own and for what was set
 * before December 2026: one round trip.
 */
async function readSurroundings(
  deps: Pick<ReadIssueDeps, 'followers' | 'userFlags'>,
  { group, assignment, hasUserRows }: AssignedGroupRow,
  set: SetOfGroup,
  callerUserId: UserId | null,
): Promise<{
  readonly subscriptions: readonly Subscription[];
  readonly userFlags: UserFlags;
  readonly viewers: readonly { readonly userId: UserId; readonly lastSeen: string }[];
}> {
  const [before, followers] = await Promise.all([
    hasUserRows ? NOTHING_BEFORE : deps.userFlags.beforeUserRows(group.id),
    deps.followers.ofAssignments(listsFollowers(assignment) ? [assignment] : []),
  ]);
  const own = callerUserId === null ? NOTHING_SET : flagsOfUser(callerUserId, set.users, before);
  return {
    subscriptions: subscriptionsOf(set.subscriptions, assignment, followers.get(group.id) ?? []),
    userFlags: { isBookmarked: own.isBookmarked, hasSeen: own.hasSeen },
    viewers: seenBy(set.users, before),
  };
}

/** Reads a group and its project alone, in two round trips, with the refusals of `readIssue`. */
export async function readIssueRow(
  deps: Pick<ReadIssueDeps, 'groups' | 'projects'>,
  input: { readonly groupId: GroupId; readonly organizationIds: readonly OrganizationId[] },
): Promise<IssueRow> {
  const rows = await deps.groups.withAssignments([input.groupId]);
  const row = requireRow(rows.get(input.groupId), input.organizationIds);
  const projects = await deps.projects.byIds([row.group.projectId]);
  return { ...row, project: requireProject(projects.get(row.group.projectId)) };
}

/**
 * Reads the users and teams of these actors. One round trip for 100 users and one for 100 teams,
 * concurrently.
 */
export async function namesOf(
  deps: Pick<ReadIssueDeps, 'users' | 'teams'>,
  actors: readonly Actor[],
): Promise<Names> {
  const idsOf = (type: Actor['type']) => [
    ...new Set(actors.filter((actor) => actor.type === type).map(({ id }) => id)),
  ];
  const [users, teams] = await Promise.all([
    deps.users.byIds(idsOf('user')),
    deps.teams.byIds(idsOf('team')),
  ]);
  return { users, teams };
}

/** The team that owns a group. */
export function ownedBy(group: Group): Actor[] {
  const team = ownerTeamOf(group);
  return team === null ? [] : [team];
}

/** The users and teams that owners name. */
export function ownersActors(owners: readonly SuggestedOwner[]): Actor[] {
  return owners.flatMap(({ owner }) => (owner === null ? [] : (actorFromText(owner) ?? [])));
}

/**
 * The owners without the teams and users that are no longer there: their rows stay until the next
 * evaluation.
 */
export function ownersThere(owners: readonly SuggestedOwner[], names: Names): SuggestedOwner[] {
  return owners.filter((suggested) => {
    const [actor] = ownersActors([suggested]);
    if (actor === undefined) {
      return true;
    }
    return (actor.type === 'team' ? names.teams : names.users).has(actor.id);
  });
}

function ownSubscriptionOf(
  subscriptions: readonly Subscription[],
  userId: UserId | null,
): Subscription | null {
  const isOwn = ({ subscriber }: Subscription) =>
    subscriber.type === 'user' && subscriber.id === userId;
  return subscriptions.find(isOwn) ?? null;
}

function rowOf({ changes: { group, shareId, assignment } }: CommittedIssue): AssignedGroupRow {
  return { group, shareId, assignment };
}

function requireRow(
  row: AssignedGroupRow | undefined,
  organizationIds: readonly OrganizationId[],
): AssignedGroupRow {
  if (row === undefined || !isVisible(row.group.status)) {
    throw notFound();
  }
  if (!organizationIds.includes(row.group.organizationId)) {
    throw notFound();
  }
  return row;
}

function requireProject(project: Project | undefined): Project {
  if (project?.status !== 'active') {
    throw notFound();
  }
  return project;
}
