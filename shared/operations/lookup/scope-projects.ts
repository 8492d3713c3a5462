import { notFound } from '../../domain/errors.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { findProject } from './find-project.ts';

export type ScopeProjectsDeps = {
  readonly projects: Pick<ProjectStore, 'byIds' | 'bySlug' | 'idsOfOrganization'>;
};

/** Longer than any slug and any id. */
const longestName = 256;

/**
 * The live projects of an organization that ids and slugs name, each once; null names all of them. Throws
 * `resource.not_found` when one of them is not there. Two round trips at most.
 */
export async function scopeProjects(
  deps: ScopeProjectsDeps,
  organizationId: string,
  named: readonly string[] | null,
): Promise<Project[]> {
  if (named === null) {
    const ids = await deps.projects.idsOfOrganization(organizationId);
    const projects = await deps.projects.byIds(ids);
    return ids.flatMap((id) => live(projects.get(id), organizationId) ?? []);
  }
  if (named.some((project) => project.length > longestName)) throw notFound();
  const found = await Promise.all(
    [...new Set(named)].map((project) => findProject(deps, organizationId, project)),
  );
  const ids = [...new Set(found.map(({ id }) => id))];
  const projects = await deps.projects.byIds(ids);
  return ids.map((id) => {
    const project = live(projects.get(id), organizationId);
    if (project === undefined) throw notFound();
    return project;
  });
}

function live(project: Project | undefined, organizationId: string): Project | undefined {
  return project?.status === 'active' && project.organizationId === organizationId
    ? project
    : undefined;
}
