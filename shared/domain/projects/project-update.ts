import { sameValue } from '../same-value.ts';
import type { Project, ProjectWithTeams } from './project.ts';
import type { ChangedFields } from './project-events.ts';
import { type ProjectOptions, withOptions } from './project-options.ts';

/** A validated update of a project. Absent fields stay as they are. */
export type ProjectUpdate = {
  readonly name?: string;
  readonly slug?: string;
  readonly platform?: string | null;
  /** Merged into the existing options; null removes one. */
  readonly options?: ProjectOptions;
  /** Teams to attach and detach, in the order of the request. */
  readonly attach?: readonly string[];
  readonly detach?: readonly string[];
  /** The complete list of teams after the update. */
  readonly teamIds?: readonly string[];
};

/** The settings of another project that replace the project's own. */
export type CopiedSettings = {
  readonly options: ProjectOptions;
  readonly teamIds: readonly string[];
};

/** A project before and after an update. */
export type ProjectChanges = {
  readonly before: ProjectWithTeams;
  readonly project: Project;
  readonly teamIds: readonly string[];
  readonly attached: readonly string[];
  readonly detached: readonly string[];
  /** The changed fields of the row. The caller adds the teams, whose slugs are not known here. */
  readonly changed: ChangedFields;
};

/** The fields that an update can change, by their names in events. */
const fields = ['name', 'slug', 'platform', 'options'] as const;

/**
 * Applies an update to a project. Settings copied from another project come first; the fields of
 * the request override them. The version rises by one where anything changes.
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

/** Whether an update changes anything. */
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
