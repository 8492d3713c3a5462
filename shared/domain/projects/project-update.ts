import type { TeamId } from '../ids.ts';
import { sameValue } from '../same-value.ts';
import type { Project, ProjectWithTeams } from './project.ts';
import type { ChangedFields } from './project-events.ts';
import { type ProjectOptions, withOptions } from './project-options.ts';

/** The changes that one request asks of a project, validated. What is absent stays as it is. */
export type ProjectUpdate = {
  readonly name?: string;
  readonly slug?: string;
  readonly platform?: string | null;
  /** Set over the options that there are; null removes one. */
  readonly options?: ProjectOptions;
  /** Attached and detached beside those that there are, in the order given. */
  readonly attach?: readonly string[];
  readonly detach?: readonly string[];
  /** All teams that the project shall have. */
  readonly teamIds?: readonly TeamId[];
};

/** What of another project takes the place of a project's own. */
export type CopiedSettings = {
  readonly options: ProjectOptions;
  readonly teamIds: readonly TeamId[];
};

/** What an update makes of a project. */
export type ProjectChanges = {
  readonly before: ProjectWithTeams;
  readonly project: Project;
  readonly teamIds: readonly TeamId[];
  readonly attached: readonly string[];
  readonly detached: readonly string[];
  /**
   * The columns that changed; the teams are not among them, since their slugs are not known here.
   */
  readonly changed: ChangedFields;
};

/** The fields of a project that an update can change, as events name them. */
const fields = ['name', 'slug', 'platform', 'options'] as const;

/**
 * Decides what an update makes of a project. Settings copied from another project come first, and
 * what the request itself says goes over them. The version rises by one where anything changes at
 * all.
 */
export function decideProjectUpdate(
  before: ProjectWithTeams,
  update: ProjectUpdate,
  copied: CopiedSettings | null,
): ProjectChanges {
  const old = before.project;
  const project: Project = {
    ...old,
    name: update.name ?? old.name,
    slug: update.slug ?? old.slug,
    platform: update.platform === undefined ? old.platform : update.platform,
    options: withOptions(copied?.options ?? old.options, update.options ?? {}),
  };
  const teamIds = teamsAfter(before.teamIds, update, copied);
  const attached = teamIds.filter((id) => !before.teamIds.includes(id));
  const detached = before.teamIds.filter((id) => !teamIds.includes(id));
  const changed = Object.fromEntries(
    fields
      .filter((field) => !sameValue(old[field], project[field]))
      .map((field) => [field, [old[field], project[field]]] as const),
  );
  const changes = { before, project, teamIds, attached, detached, changed };
  return hasChanges(changes)
    ? { ...changes, project: { ...project, version: old.version + 1 } }
    : { ...changes, project: old };
}

/** Whether there is anything to write, and to tell the world. */
export function hasChanges(
  changes: Pick<ProjectChanges, 'changed' | 'attached' | 'detached'>,
): boolean {
  return (
    Object.keys(changes.changed).length > 0 ||
    changes.attached.length > 0 ||
    changes.detached.length > 0
  );
}

function teamsAfter(
  before: readonly string[],
  { teamIds, attach = [], detach = [] }: ProjectUpdate,
  copied: CopiedSettings | null,
): string[] {
  const base = teamIds ?? copied?.teamIds ?? before;
  return [...new Set([...base, ...attach])].filter((id) => !detach.includes(id));
}
