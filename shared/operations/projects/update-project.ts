import { isDigits } from '../../domain/digits.ts';
import { type Precondition, stateOfProject } from '../../domain/editable-state.ts';
import { invalidFields, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId, TeamId } from '../../domain/ids.ts';
import type { Project, ProjectWithTeams } from '../../domain/projects/project.ts';
import {
  type ChangedFields,
  projectUpdated,
  teamsChanged,
} from '../../domain/projects/project-events.ts';
import { optionsProblem } from '../../domain/projects/project-options.ts';
import {
  type CopiedSettings,
  decideProjectUpdate,
  hasChanges,
  type ProjectChanges,
  type ProjectUpdate,
} from '../../domain/projects/project-update.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { ProjectAsRead, ProjectChangeStore } from '../../stores/projects/project-changes.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { findTeams } from '../lookup/find-team.ts';
import { copyFailed } from '../ownership/copy-project-ownership.ts';
import { type ForgetRulesDeps, forgetRules } from '../ownership/forget-rules.ts';

export type UpdateProjectDeps = ForgetRulesDeps & {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds' | 'withTeams' | 'bookmarkedBy'>;
  readonly projectChanges: Pick<ProjectChangeStore, 'update'>;
  readonly teams: Pick<TeamStore, 'byIds' | 'idOfSlug'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

export type UpdateProjectInput = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly update: ProjectUpdate;
  /** All teams that the project shall have, by id or slug. */
  readonly teams?: readonly string[];
  /**
   * Whether the acting user bookmarks the project; an organization's token has nobody who could.
   */
  readonly isBookmarked?: boolean;
  /** The project, by id or slug, whose options and teams replace this one's. */
  readonly copyFrom?: string;
  readonly initiator: Initiator;
  /** What the project has to be, in the eyes of the acting user, for the update to be made. */
  readonly precondition?: Precondition | null;
};

export type UpdatedProject = {
  readonly project: Project;
  /** The id of the project whose settings were taken over; null for none. */
  readonly copiedFrom: string | null;
};

/**
 * Teams that come and go in one update; each costs up to three of a transaction's hundred writes.
 */
const MAX_TEAM_CHANGES = 30;

/**
 * Updates a project: decides on what was read, commits everything with `project.updated` in one
 * transaction, and where the project has moved in between reads and decides again. Nothing is
 * written, and nothing told, where nothing changes.
 *
 * @throws DomainError `resource.not_found` for a project that is not there or being deleted,
 * `request.invalid` for a slug that is taken, also when that shows only in the commit, `conflict`
 * when others keep changing the project, `precondition.failed` for a project that is not what the
 * request was made for
 */
export async function updateProject(
  deps: UpdateProjectDeps,
  input: UpdateProjectInput,
): Promise<UpdatedProject> {
  const teamIds = await resolveTeams(deps, input);
  const update = teamIds === undefined ? input.update : { ...input.update, teamIds };
  return redecide(() => updateOnce(deps, input, update));
}

async function updateOnce(
  deps: UpdateProjectDeps,
  input: UpdateProjectInput,
  update: UpdateProjectInput['update'] & { readonly teamIds?: readonly TeamId[] },
): Promise<UpdatedProject | typeof AGAIN> {
  const [before, copied] = await Promise.all([
    readActive(deps, input.organizationId, input.projectId),
    readCopied(deps, input),
  ]);
  if (before === undefined) {
    throw notFound();
  }
  const asRead = await requireState(deps, before, input);
  const changes = decideProjectUpdate(before, update, copied);
  requireSize(changes, copied);
  await requireFreeSlug(deps, changes);
  const outcome = await commit(deps, changes, input, asRead);
  if (outcome.committed) {
    // Its rules may name its teams and their members only.
    if (changes.attached.length + changes.detached.length > 0) {
      await forgetRules(deps, changes.project.id);
    }
    return { project: changes.project, copiedFrom: copied?.projectId ?? null };
  }
  if (outcome.refused.includes('team') && copied === null) {
    throw notFound();
  }
  return AGAIN;
}

/**
 * Holds a project to a precondition before a request is looked at any further. Two round trips,
 * none without a precondition. Throws `resource.not_found` as `updateProject` does.
 */
export async function requireProjectState(
  deps: Pick<UpdateProjectDeps, 'projects'>,
  input: Pick<UpdateProjectInput, 'organizationId' | 'projectId' | 'initiator' | 'precondition'>,
): Promise<void> {
  if (!input.precondition) {
    return;
  }
  const project = await readActive(deps, input.organizationId, input.projectId);
  if (project === undefined) {
    throw notFound();
  }
  await requireState(deps, project, input);
}

/** What the project was compared by, which has to stay so; null where nothing is required of it. */
async function requireState(
  { projects }: Pick<UpdateProjectDeps, 'projects'>,
  before: ProjectWithTeams,
  { precondition, initiator }: Pick<UpdateProjectInput, 'initiator' | 'precondition'>,
): Promise<ProjectAsRead | null> {
  if (!precondition) {
    return null;
  }
  const { project } = before;
  const { actingUserId: userId } = initiator;
  const isBookmarked =
    userId !== null && (await projects.bookmarkedBy(userId, [project.id])).has(project.id);
  precondition(stateOfProject(before, isBookmarked));
  return { project, userId, isBookmarked };
}

async function commit(
  deps: UpdateProjectDeps,
  changes: ProjectChanges,
  input: UpdateProjectInput,
  asRead: ProjectAsRead | null,
) {
  const { actingUserId } = input.initiator;
  const { organizationId, id: projectId } = changes.project;
  const now = deps.clock();
  const told = hasChanges(changes)
    ? [
        projectUpdated(changes.project, await changedFields(deps, changes)),
        ...teamsChanged(changes),
      ]
    : [];
  const events = told.map((event) =>
    toEventRecord(event, {
      ...eventContext(deps, input.initiator, now),
      organizationId,
      projectId,
    }),
  );
  const bookmark =
    input.isBookmarked === undefined || actingUserId === null
      ? null
      : { userId: actingUserId, isBookmarked: input.isBookmarked, now };
  return deps.projectChanges.update({ changes, events, bookmark, asRead });
}

async function changedFields(
  deps: UpdateProjectDeps,
  { before, teamIds, attached, detached, changed }: ProjectChanges,
): Promise<ChangedFields> {
  if (attached.length === 0 && detached.length === 0) {
    return changed;
  }
  const teams = await deps.teams.byIds([...before.teamIds, ...attached]);
  const slugs = (ids: readonly string[]) => ids.flatMap((id) => teams.get(id)?.slug ?? []);
  return { ...changed, teams: [slugs(before.teamIds), slugs(teamIds)] };
}

async function readActive(
  deps: Pick<UpdateProjectDeps, 'projects'>,
  organizationId: OrganizationId,
  projectId: ProjectId,
): Promise<ProjectWithTeams | undefined> {
  const found = await deps.projects.withTeams(projectId);
  const isHere = found?.project.organizationId === organizationId;
  return isHere && found.project.status === 'active' ? found : undefined;
}

/** Settings are copied within one organization: another one's project is not there. */
async function readCopied(
  deps: UpdateProjectDeps,
  { organizationId, copyFrom }: UpdateProjectInput,
): Promise<(CopiedSettings & { readonly projectId: ProjectId }) | null> {
  if (copyFrom === undefined) {
    return null;
  }
  const id = isDigits(copyFrom)
    ? copyFrom
    : (await deps.projects.bySlug(organizationId, copyFrom))?.projectId;
  const source = id === undefined ? undefined : await readActive(deps, organizationId, id);
  if (source === undefined) {
    throw invalidFields({ copy_from_project: ['Project to copy settings from not found.'] });
  }
  const teams = await deps.teams.byIds(source.teamIds);
  return {
    projectId: source.project.id,
    options: source.project.options,
    teamIds: source.teamIds.filter((teamId) => teams.has(teamId)),
  };
}

async function resolveTeams(
  deps: UpdateProjectDeps,
  { organizationId, teams }: UpdateProjectInput,
): Promise<string[] | undefined> {
  if (teams === undefined) {
    return undefined;
  }
  const found = await findTeams(deps, organizationId, teams);
  return found.map((team) => {
    if (team === undefined) {
      throw invalidFields({ teams: ['One or more teams do not exist.'] });
    }
    return team.id;
  });
}

/** What fits a row, an event and a transaction, with what the project had before. */
function requireSize(
  { attached, detached, changed, project }: ProjectChanges,
  copied: CopiedSettings | null,
): void {
  const refusal = 'options' in changed ? optionsProblem(project.options) : undefined;
  if (refusal !== undefined) {
    throw invalidFields({ options: [refusal] });
  }
  if (attached.length + detached.length <= MAX_TEAM_CHANGES) {
    return;
  }
  if (copied !== null) {
    copyFailed();
  }
  throw invalidFields({ teams: [`Ensure that no more than ${MAX_TEAM_CHANGES} teams change.`] });
}

/**
 * The guard row decides; this read is for the sentence that names the project which has the slug.
 */
async function requireFreeSlug(deps: UpdateProjectDeps, changes: ProjectChanges): Promise<void> {
  const { organizationId, slug, id } = changes.project;
  if (slug === changes.before.project.slug) {
    return;
  }
  const holder = await deps.projects.bySlug(organizationId, slug);
  if (holder === undefined || holder.isRedirect || holder.projectId === id) {
    return;
  }
  const other: Project | undefined = (await deps.projects.byIds([holder.projectId])).get(
    holder.projectId,
  );
  throw invalidFields({
    slug: [`Another project (${other?.name ?? slug}) is already using that slug`],
  });
}
