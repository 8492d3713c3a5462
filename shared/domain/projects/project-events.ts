import type { NewEvent } from '../events.ts';
import type { Project } from './project.ts';

/** What changed of a project, by field: the old value and the new one. Teams are named by their slugs. */
export type ChangedFields = Readonly<Record<string, readonly [old: unknown, next: unknown]>>;

/** A project came to be; its first event has the version 1. */
export function projectCreated(project: Project, teamSlugs: readonly string[]): NewEvent {
  const { version, slug, name, platform } = project;
  return { type: 'project.created', version, data: { slug, name, platform, teams: teamSlugs } };
}

/** A project is not what it was. */
export function projectUpdated(project: Project, changed: ChangedFields): NewEvent {
  return { type: 'project.updated', version: project.version, data: { changed } };
}
