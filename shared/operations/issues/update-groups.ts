import type { ActorInput, TeamInput } from '../../domain/actor.ts';
import type { Organization, UserProfile } from '../../domain/directory.ts';
import type { Precondition } from '../../domain/editable-state.ts';
import { DomainError, notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import { type Candidate, requireAssignable } from '../../domain/issues/assignable.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import { type Group, isVisible } from '../../domain/issues/group.ts';
import { followersUseOf, type GroupUpdate } from '../../domain/issues/group-update.ts';
import type { AssignedToRequest } from '../../domain/issues/handle-assigned-to.ts';
import { isProjectMember, type ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignedGroupRow } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { BeginRecord } from '../bulk/bulk-record.ts';
import type { Initiator } from '../event-context.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../lookup/find-candidate.ts';
import { findProjects, requireProjects } from '../lookup/find-project.ts';
import { uncounted, type WhileCounted } from '../while-counted.ts';
import { completeAhead } from './change-group.ts';
import {
  type Commitment,
  type CommitUpdatesDeps,
  commitUpdates,
  type UpdateGroupsOutcome,
} from './commit-updates.ts';
import { type ReadGroupsDeps, readGroups } from './delete-issues.ts';
import { type ResolveInReleaseDeps, withReleasesOfProject } from './resolve-in-release.ts';

export type UpdateGroupsDeps = CommitUpdatesDeps & ReadAheadDeps;

/** What is read before an update is made. */
export type ReadAheadDeps = ReadGroupsDeps &
  Pick<CommitUpdatesDeps, 'followers'> &
  ResolveInReleaseDeps &
  FindCandidateDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'manyWithTeams' | 'bySlug'>;
    /** The same stores as they were a moment ago. */
    readonly eventual: Pick<ReadAheadDeps, 'organizations' | 'projects' | 'teams' | 'users'>;
  };

/** An update as it was asked for: whom it names is still what the caller called them. */
export type RequestedUpdate = Omit<GroupUpdate, 'assignedTo' | 'ownerTeam'> & {
  readonly ownerTeam?: TeamInput;
  readonly assignedTo?: Omit<AssignedToRequest, 'assignee'> & { readonly actor: ActorInput };
};

export type UpdateGroupsInput = {
  readonly organizationId: OrganizationId;
  /** The groups asked for, each once, in the order of the request. */
  readonly groupIds: readonly GroupId[];
  /** The projects that the request is about, by id or slug; null for all of the organization. */
  readonly projects: readonly string[] | null;
  /** Those of the groups that are there, where they have been read consistently. */
  readonly rows?: readonly AssignedGroupRow[];
  /** Whether an issue that was merged stands for the one that it went into. */
  readonly followsMerges?: boolean;
  readonly update: RequestedUpdate;
  readonly initiator: Initiator;
  readonly whileCounted?: WhileCounted;
  /** What each group has to be, in the eyes of the acting user, for the update to be made. */
  readonly precondition?: Precondition | null;
  /** Begins to record what becomes of the groups. */
  readonly begin?: BeginRecord;
};

/**
 * Does to each group all that was asked, one transaction a group, many at a time. Everything is
 * read and validated first, for every project of the groups; only then anything is written. Two
 * round trips of reads, a third where followers have to be read, then the transactions.
 */
export async function updateGroups(
  deps: UpdateGroupsDeps,
  input: UpdateGroupsInput,
): Promise<UpdateGroupsOutcome> {
  const commitment = await readAhead(deps, input);
  if (commitment.rows.length === 0) {
    return { matched: 0, updated: [], changed: [], issues: [], conflicting: [] };
  }
  const record = await input.begin?.(commitment.rows.length);
  return commitUpdates(deps, { ...commitment, ...(record && { record }) });
}

/**
 * All that the issues of an update are changed on; nothing is written. Throws where the update may
 * not be made.
 */
export function readAhead(deps: ReadAheadDeps, input: UpdateGroupsInput): Promise<Commitment> {
  const { initiator, precondition, whileCounted = uncounted } = input;
  return whileCounted(
    readReady(deps, input).then((ready) => ({ ...ready, initiator, precondition })),
  );
}

async function readReady(deps: ReadAheadDeps, input: UpdateGroupsInput): Promise<Ready> {
  const prepared = await prepareUpdate(deps, input);
  const { rows, organization, update } = prepared;
  const uses = followersUseOf(update, input.initiator.actingUserId);
  const factsAhead = await completeAhead(deps, rows, organization, () => uses);
  return { ...prepared, factsAhead, uses };
}

/**
 * Whom and what the request names is read as it was a moment ago, at half the price. Where that
 * does not answer for all of it, it is read consistently: nobody is refused for what somebody has
 * just made.
 */
async function prepareUpdate(deps: ReadAheadDeps, input: UpdateGroupsInput): Promise<Prepared> {
  try {
    const prepared = await prepareWith({ ...deps, ...deps.eventual }, input);
    if (prepared.isComplete) {
      return prepared;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) {
      throw error;
    }
  }
  return prepareWith(deps, input);
}

type Ready = Omit<Commitment, 'initiator' | 'precondition'>;

/** An update that may be made, and whether every issue that was read belongs to a live project. */
type Prepared = Omit<Ready, 'factsAhead' | 'uses'> & {
  readonly isComplete: boolean;
};

async function prepareWith(
  deps: Omit<ReadAheadDeps, 'eventual'>,
  input: UpdateGroupsInput,
): Promise<Prepared> {
  const { actingUserId } = input.initiator;
  const { assignedTo, ownerTeam } = input.update;
  const [groups, organization, projectIds, holder, owner, actingProfile] = await Promise.all([
    input.rows ?? readGroups(deps, input),
    deps.organizations.byId(input.organizationId),
    findProjects(deps, input.organizationId, input.projects),
    assignedTo && findCandidate(deps, assignedTo.actor),
    ownerTeam && findCandidate(deps, ownerTeam),
    actingUserId !== null && asksForActingUser(input.update)
      ? deps.users.profile(actingUserId)
      : undefined,
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  const inScope = groups.filter(({ group }) => isInScope(group, organization, projectIds));
  const [projects, candidate, owningTeam] = await Promise.all([
    deps.projects.manyWithTeams([
      ...new Set([...(projectIds ?? []), ...inScope.map(({ group }) => group.projectId)]),
    ]),
    holder && completeCandidate(deps, holder, organization.id),
    owner && completeCandidate(deps, owner, organization.id, 'ownerTeam'),
  ]);
  requireProjects(
    organization.id,
    projectIds,
    new Map([...projects].map(([id, { project }]) => [id, project])),
  );
  const rows = inScope.filter(
    ({ group }) => projects.get(group.projectId)?.project.status === 'active',
  );
  const read = {
    rows,
    isComplete: rows.length === inScope.length,
    organization,
    projects,
    actingProfile,
  };
  if (rows.length === 0) {
    return { ...read, update: {} };
  }
  const named = { candidate, owningTeam };
  return { ...read, update: await decideUpdate(deps, input.update, named, read) };
}

/** Whom an update names: null for nobody, undefined where it does not say. */
type Named = {
  readonly candidate: Candidate | null | undefined;
  readonly owningTeam: Candidate | null | undefined;
};

/** What the update means for these issues. Throws where it may not be made. */
async function decideUpdate(
  deps: ResolveInReleaseDeps,
  requested: RequestedUpdate,
  named: Named,
  read: Pick<Prepared, 'rows' | 'organization' | 'projects' | 'actingProfile'>,
): Promise<GroupUpdate> {
  const { rows, organization } = read;
  const touched = projectsOf(rows, read.projects);
  const { candidate, owningTeam } = named;
  const assignee = candidate && requireAssignable(candidate, organization, touched);
  const owner =
    owningTeam && requireAssignable(owningTeam, organization, touched, { field: 'ownerTeam' });
  const status =
    requested.status &&
    (await withReleasesOfProject(
      deps,
      requested.status,
      rows.map(({ group }) => group),
    ));
  const { ownerTeam: _, ...others } = requested;
  const update = {
    ...others,
    ...(status && { status }),
    ...(owner === undefined ? {} : { ownerTeam: owner }),
  };
  return resolveUpdate(update, assignee, {
    rows,
    profile: read.actingProfile,
    organization,
    projects: touched,
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
  requested: Omit<RequestedUpdate, 'ownerTeam'> & Pick<GroupUpdate, 'ownerTeam'>,
  assignee: Assignee | null | undefined,
  surroundings: Surroundings,
): GroupUpdate {
  const { assignedTo, ...update } = requested;
  if (assignedTo !== undefined && assignee !== undefined) {
    const { actor: _, ...request } = assignedTo;
    return { ...update, assignedTo: { ...request, assignee } };
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
