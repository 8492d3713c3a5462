import type { ActorInput } from '../../domain/actor.ts';
import type { Organization, UserProfile } from '../../domain/directory.ts';
import type { Precondition } from '../../domain/editable-state.ts';
import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Activity, NewActivity } from '../../domain/issues/activity.ts';
import { requireAssignable } from '../../domain/issues/assignable.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import { type Group, isVisible } from '../../domain/issues/group.ts';
import {
  changesRows,
  type GroupChanges,
  type GroupFacts,
} from '../../domain/issues/group-changes.ts';
import { decideGroupUpdate, type GroupUpdate } from '../../domain/issues/group-update.ts';
import type { AssignedToRequest } from '../../domain/issues/handle-assigned-to.ts';
import { isProjectMember, type ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignedGroupRow } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Initiator } from '../event-context.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../lookup/find-candidate.ts';
import { findProjects, requireProjects } from '../lookup/find-project.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import {
  type ChangeGroupDeps,
  type ChangeOutcome,
  changeGroup,
  completeFacts,
} from './change-group.ts';
import type { CommittedIssue } from './committed-issue.ts';
import { type ForgetOwnersDeps, forgetOwners } from './forget-owners.ts';
import { type OwnMarksDeps, stateRequirement } from './require-issue-state.ts';
import { type ResolveInReleaseDeps, withReleasesOfProject } from './resolve-in-release.ts';

export type UpdateGroupsDeps = ChangeGroupDeps &
  OwnMarksDeps &
  ResolveInReleaseDeps &
  ForgetOwnersDeps &
  FindCandidateDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'manyWithTeams' | 'bySlug'>;
    /** The id of a new public link. */
    readonly newShareId: () => string;
  };

/** An update as it was asked for: the assignee is still what the caller called them. */
export type RequestedUpdate = Omit<GroupUpdate, 'assignedTo'> & {
  readonly assignedTo?: Omit<AssignedToRequest, 'assignee'> & { readonly actor: ActorInput };
};

export type UpdateGroupsInput = {
  readonly organizationId: OrganizationId;
  /** The groups asked for, each once, in the order of the request. */
  readonly groupIds: readonly GroupId[];
  /** The projects that the request is about, by id or slug; null for all of the organization. */
  readonly projects: readonly string[] | null;
  readonly update: RequestedUpdate;
  readonly initiator: Initiator;
  /** Settles before anything is written; a rejection stops the request. */
  readonly admission?: Promise<void> | undefined;
  /** What each group has to be, in the eyes of the acting user, for the update to be made. */
  readonly precondition?: Precondition | null;
};

export type UpdateGroupsOutcome = {
  /** How many groups were there to be changed. */
  readonly matched: number;
  /**
   * The groups that are as the request wants them, in its order; empty where none of them is there.
   */
  readonly updated: readonly string[];
  /** Those of them that were not so before. */
  readonly changed: readonly string[];
  /** The groups that others kept changing: nothing was done to them. */
  readonly conflicting: readonly string[];
  /** The same groups as the update left them. */
  readonly issues: readonly CommittedIssue[];
  /** Who holds the groups now; absent where that was not asked. */
  readonly assignedTo?: Assignee | null;
  /** The details of the status that was set; absent where none was. */
  readonly statusDetails?: Readonly<Record<string, unknown>>;
  /** The public link of the last group; absent where that was not asked. */
  readonly shareId?: string | null;
  /** What a resolve of a single group in a release or commit added to its history. */
  readonly activity?: readonly Pick<Activity, 'type' | 'data' | 'userId'>[];
};

/** Groups changed at the same time. */
const WIDTH = 32;
/**
 * Groups whose surroundings are read together with the projects; those of the others are read when
 * they are changed.
 */
const READ_AHEAD = 100;

/**
 * Does to each group all that was asked, one transaction a group, many at a time. Everything is
 * read and validated first, for every project of the groups; only then anything is written. Two
 * round trips of reads, then the transactions.
 */
export async function updateGroups(
  deps: UpdateGroupsDeps,
  input: UpdateGroupsInput,
): Promise<UpdateGroupsOutcome> {
  const { actingUserId } = input.initiator;
  const [rowsById, organization, projectIds, found, actingProfile] = await Promise.all([
    deps.groups.withAssignments(input.groupIds),
    deps.organizations.byId(input.organizationId),
    findProjects(deps, input.organizationId, input.projects),
    input.update.assignedTo &&
      findCandidate(deps, input.update.assignedTo.actor, input.organizationId),
    actingUserId !== null && asksForActingUser(input.update)
      ? deps.users.profile(actingUserId)
      : undefined,
    input.admission,
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  const inScope = input.groupIds
    .flatMap((id) => rowsById.get(id) ?? [])
    .filter(({ group }) => isInScope(group, organization, projectIds));
  const [projects, candidate, factsAhead] = await Promise.all([
    deps.projects.manyWithTeams([
      ...new Set([...(projectIds ?? []), ...inScope.map(({ group }) => group.projectId)]),
    ]),
    found && completeCandidate(deps, found),
    mapConcurrently(
      WIDTH,
      inScope.slice(0, READ_AHEAD),
      async (row) => [row.group.id, await completeFacts(deps, row, organization)] as const,
    ),
  ]);
  requireProjects(
    organization.id,
    projectIds,
    new Map([...projects].map(([id, { project }]) => [id, project])),
  );
  const rows = inScope.filter(
    ({ group }) => projects.get(group.projectId)?.project.status === 'active',
  );
  if (rows.length === 0) {
    return { matched: 0, updated: [], changed: [], issues: [], conflicting: [] };
  }

  const touched = projectsOf(rows, projects);
  const assignee = candidate && requireAssignable(candidate, organization, touched);
  const status =
    input.update.status &&
    (await withReleasesOfProject(
      deps,
      input.update.status,
      rows.map(({ group }) => group),
    ));
  const requested = { ...input.update, ...(status && { status }) };
  const update = resolveUpdate(requested, assignee, {
    rows,
    profile: actingProfile,
    organization,
    projects: touched,
  });
  return commitAll(deps, {
    rows,
    organization,
    projects,
    factsAhead: new Map(factsAhead),
    update,
    actingProfile,
    initiator: input.initiator,
    precondition: input.precondition,
  });
}

function isInScope(
  { organizationId, projectId, status }: Group,
  organization: Organization,
  projectIds: readonly ProjectId[] | null,
): boolean {
  return (
    organizationId === organization.id &&
    isVisible(status) &&
    (projectIds === null || projectIds.includes(projectId))
  );
}

type Commitment = {
  readonly rows: readonly AssignedGroupRow[];
  readonly organization: Organization;
  readonly projects: ReadonlyMap<string, ProjectWithTeams>;
  readonly factsAhead: ReadonlyMap<string, GroupFacts>;
  readonly update: GroupUpdate;
  readonly actingProfile: UserProfile | undefined;
  readonly initiator: Initiator;
  readonly precondition: Precondition | null | undefined;
};

async function commitAll(
  deps: UpdateGroupsDeps,
  { rows, organization, update, initiator, precondition, ...known }: Commitment,
): Promise<UpdateGroupsOutcome> {
  const requireState = stateRequirement(deps, initiator.actingUserId, precondition);
  const outcomes = await mapConcurrently(
    WIDTH,
    rows,
    async (row, position): Promise<ChangeOutcome> => {
      const project = known.projects.get(row.group.projectId);
      const shareId = deps.newShareId();
      const actsAsMember =
        known.actingProfile !== undefined &&
        project !== undefined &&
        isProjectMember(known.actingProfile, project);
      return changeGroup(
        deps,
        {
          groupId: row.group.id,
          organization,
          facts:
            known.factsAhead.get(row.group.id) ?? (await completeFacts(deps, row, organization)),
          initiator,
          ...(requireState && { requireState }),
        },
        (facts, now) =>
          decideGroupUpdate(facts, update, {
            now,
            actingUserId: initiator.actingUserId,
            actsAsMember,
            position,
            shareId,
          }),
      );
    },
  );
  const committed = outcomes.flatMap((outcome) =>
    outcome.kind === 'committed' ? [outcome.changes] : [],
  );
  await forgetOwners(
    deps,
    committed.filter(wasUnassigned).map((changes) => changes.group.id),
  );
  return {
    ...describe(update, committed),
    matched: rows.length,
    issues: committed.flatMap((changes) => {
      const project = known.projects.get(changes.group.projectId)?.project;
      return project === undefined ? [] : [{ changes, project }];
    }),
    conflicting: rows
      .filter((_, index) => outcomes[index]?.kind === 'conflict')
      .map((row) => row.group.id),
  };
}

function describe(
  update: GroupUpdate,
  committed: readonly GroupChanges[],
): Omit<UpdateGroupsOutcome, 'matched' | 'conflicting' | 'issues'> {
  const last = committed.at(-1);
  const only = committed.length === 1 ? last : undefined;
  return {
    updated: committed.map((changes) => changes.group.id),
    changed: committed
      .filter((changes) => changesIssue(changes, update))
      .map((changes) => changes.group.id),
    ...(update.assignedTo === undefined ? {} : { assignedTo: update.assignedTo.assignee }),
    ...(update.status === undefined ? {} : { statusDetails: last?.group.statusDetails ?? {} }),
    ...(update.isPublic === undefined ? {} : { shareId: last?.shareId ?? null }),
    ...(update.status?.resolvedIn && only ? { activity: resolutionsOf(only) } : {}),
  };
}

function resolutionsOf(changes: GroupChanges): NewActivity[] {
  return changes.activities.filter((activity) => activity.type.startsWith('set_resolved_in'));
}

/** Following an issue is the follower's business, unless that is what was asked for. */
function changesIssue(changes: GroupChanges, update: GroupUpdate): boolean {
  return (
    changesRows(changes) || (update.isSubscribed !== undefined && changes.subscriptions.size > 0)
  );
}

function wasUnassigned(changes: GroupChanges): boolean {
  return changes.events.some((event) => event.type === 'issue.unassigned');
}

/**
 * Whether the update depends on who the acting user is: their membership counts, or their wish to
 * get what they resolve.
 */
function asksForActingUser(update: RequestedUpdate): boolean {
  return update.hasSeen !== undefined || update.status?.status === 'resolved';
}

function projectsOf(
  rows: readonly AssignedGroupRow[],
  projects: ReadonlyMap<string, ProjectWithTeams>,
): ProjectWithTeams[] {
  const ids = new Set(rows.map(({ group }) => group.projectId));
  return [...ids].flatMap((id) => projects.get(id) ?? []);
}

/** What an update is decided on beside what it asks for. */
type Surroundings = {
  readonly rows: readonly AssignedGroupRow[];
  /** The acting user's, where the update depends on who that is. */
  readonly profile: UserProfile | undefined;
  readonly organization: Organization;
  readonly projects: readonly ProjectWithTeams[];
};

function resolveUpdate(
  requested: RequestedUpdate,
  assignee: Assignee | null | undefined,
  surroundings: Surroundings,
): GroupUpdate {
  const { assignedTo, ...update } = requested;
  if (assignedTo !== undefined && assignee !== undefined) {
    const { assignedBy, integration } = assignedTo;
    return { ...update, assignedTo: { assignee, assignedBy, integration } };
  }
  const resolver = selfAssignee(update, surroundings);
  if (resolver === null) {
    return update;
  }
  return { ...update, assignedTo: { assignee: resolver, assignedBy: null, integration: null } };
}

/**
 * Who resolves an issue that nobody holds gets it, and with it every issue of the request, if they
 * have chosen so in their options and may be assigned to all of them.
 */
function selfAssignee(
  update: GroupUpdate,
  { rows, profile, organization, projects }: Surroundings,
): Assignee | null {
  if (update.status?.status !== 'resolved') {
    return null;
  }
  if (profile?.user.options.self_assign_issue !== '1') {
    return null;
  }
  const leavesOneUnheld = rows.some(
    ({ group, assignment }) => group.status !== 'resolved' && !assignment?.assignee,
  );
  if (!leavesOneUnheld) {
    return null;
  }
  const mayHoldAll = projects.every((project) => isProjectMember(profile, project));
  if (!mayHoldAll) {
    return null;
  }
  return requireAssignable({ type: 'user', profile }, organization, projects);
}
