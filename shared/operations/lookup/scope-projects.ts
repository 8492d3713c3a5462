import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { findProjects, requireProjects } from './find-project.ts';

export type ScopeProjectsDeps = {
  readonly projects: Pick<ProjectStore, 'byIds' | 'bySlug' | 'idsOfOrganization'>;
};

/** The projects that a request is about. */
export type ProjectsInScope = {
  /** Their ids; null for every project of the organization. */
  readonly ids: readonly string[] | null;
  /**
   * The live projects of the scope, these at least, by id. One round trip for those that were not
   * read yet.
   */
  readonly among: (ids: readonly ProjectId[]) => Promise<ReadonlyMap<string, Project>>;
};

/**
 * The live projects of an organization that ids and slugs name; null names all of them, which are
 * then read as they are asked for, unless `isIndexed` says that only their own lists hold their
 * issues. Throws `resource.not_found` when one of them is not there. Two round trips at most.
 */
export async function projectsInScope(
  deps: ScopeProjectsDeps,
  organizationId: OrganizationId,
  named: readonly string[] | null,
  isIndexed: boolean,
): Promise<ProjectsInScope> {
  if (named === null) {
    const ids = isIndexed ? null : await deps.projects.idsOfOrganization(organizationId);
    return { ids, among: projectsOf(deps, organizationId, ids) };
  }
  const ids = (await findProjects(deps, organizationId, named)) ?? [];
  const projects = await deps.projects.byIds(ids);
  requireProjects(organizationId, ids, projects);
  return { ids, among: async () => projects };
}

/** Reads projects of an organization when they are first asked for. */
function projectsOf(
  deps: ScopeProjectsDeps,
  organizationId: OrganizationId,
  within: readonly string[] | null,
): ProjectsInScope['among'] {
  const live = new Map<string, Project>();
  const asked = new Set<string>();
  const scope = within && new Set(within);
  return async (ids) => {
    const fresh = [...new Set(ids)].filter((id) => !asked.has(id) && (scope?.has(id) ?? true));
    const found = await deps.projects.byIds(fresh, 'eventual');
    for (const id of fresh) {
      asked.add(id);
      const project = found.get(id);
      if (project?.status === 'active' && project.organizationId === organizationId) {
        live.set(id, project);
      }
    }
    return live;
  };
}

/**
 * The live projects of an organization that ids and slugs name, each once; null names all of them.
 * Throws `resource.not_found` when one of them is not there. Two round trips at most.
 */
export async function scopeProjects(
  deps: ScopeProjectsDeps,
  organizationId: OrganizationId,
  named: readonly string[] | null,
): Promise<Project[]> {
  const { ids, among } = await projectsInScope(deps, organizationId, named, false);
  const projects = await among(ids ?? []);
  return (ids ?? []).flatMap((id) => projects.get(id) ?? []);
}
