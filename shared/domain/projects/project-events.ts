import type { NewEvent } from '../events.ts';
import type { TeamId } from '../ids.ts';
import type { Project } from './project.ts';
import { type ProjectOptions, withoutSecrets } from './project-options.ts';

/**
 * What changed of a project, by field: the old value and the new one. Teams are named by their
 * slugs.
 */
export type ChangedFields = Readonly<Record<string, readonly [old: unknown, next: unknown]>>;

/** A project came to be; its first event has the version 1. */
export function projectCreated(project: Project, teamSlugs: readonly string[]): NewEvent {
  const { version, slug, name, platform } = project;
  return { type: 'project.created', version, data: { slug, name, platform, teams: teamSlugs } };
}

/**
 * A project is not what it was. Who listens to events hears that a secret changed, and not what it
 * is.
 */
export function projectUpdated(project: Project, changed: ChangedFields): NewEvent {
  const { options, ...others } = changed;
  const visible =
    options === undefined ? {} : { options: [shown(options[0]), shown(options[1])] as const };
  return {
    type: 'project.updated',
    version: project.version,
    data: { changed: { ...others, ...visible } },
  };
}

/** Which teams came and went with an update: their assignments are reviewed. */
export function teamsChanged({
  project: { version },
  attached,
  detached,
}: {
  readonly project: Pick<Project, 'version'>;
  readonly attached: readonly TeamId[];
  readonly detached: readonly TeamId[];
}): NewEvent[] {
  return [
    ...attached.map(
      (teamId): NewEvent => ({ type: 'project.team_added', version, data: { teamId } }),
    ),
    ...detached.map(
      (teamId): NewEvent => ({ type: 'project.team_removed', version, data: { teamId } }),
    ),
  ];
}

function shown(options: unknown): ProjectOptions {
  return withoutSecrets(options as ProjectOptions);
}
