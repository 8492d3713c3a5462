import type { OrganizationId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { findProjects, requireProjects } from './find-project.ts';

export type ScopeProjectsDeps = {
  readonly projects: Pick<ProjectStore, 'byIds' | 'bySlug' | 'idsOfOrganization'>;
};

/**
 * The live projects of an organization that ids and slugs name, each once; null names all of them.
 * Throws `resource.not_found` when one of them is not there. Two round trips at most.
 */
export async function scopeProjects(
  deps: ScopeProjectsDeps,
  organizationId: OrganizationId,
  named: readonly string[] | null,
): Promise<Project[]> {
  if (named === null) {
    const ids = await deps.projects.idsOfOrganization(organizationId);
    const projects = await deps.projects.byIds(ids);
    return ids.flatMap((id) => live(projects.get(id), organizationId) ?? []);
  }
  const ids = (await findProjects(deps, organizationId, named)) ?? [];
  const projects = await deps.projects.byIds(ids);
  requireProjects(organizationId, ids, projects);
  return ids.flatMap((id) => projects.get(id) ?? []);
}

function live(project: Project | undefined, organizationId: OrganizationId): Project | undefined {
  return project?.status === 'active' && project.organizationId === organizationId
    ? project
    : undefined;
}
