import type { NewEvent } from '../events.ts';
import type { Project } from './project.ts';
import { type ProjectOptions, withoutSecrets } from './project-options.ts';

/**
 * The changed fields of a project, each with its old and its new value. Teams are named by their
 * slugs.
 */
export type ChangedFields = Readonly<Record<string, readonly [old: unknown, next: unknown]>>;

/** A project was created. Its first event has the version 1. */
export function projectCreated(project: Project, teamSlugs: readonly string[]): NewEvent {
  const { version, slug, name, platform } = project;
  return { type: 'project.created', version, data: { slug, name, platform, teams: teamSlugs } };
}

/**
 * A project was changed. Secrets among its options are masked: listeners see that one changed, but
 * not its value.
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

function shown(options: unknown): ProjectOptions {
  return withoutSecrets(options as ProjectOptions);
}
