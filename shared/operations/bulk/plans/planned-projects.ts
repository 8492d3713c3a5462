import { DomainError, invalidFields } from '../../../domain/errors.ts';
import type { OrganizationId, ProjectId } from '../../../domain/ids.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import { findActiveProject } from '../../lookup/find-project.ts';

export type PlannedProjectsDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
};

/** Projects looked up at the same time. */
const WIDTH = 16;

/**
 * The projects that a plan calls by id or slug, by their ids: a slug may be another project's while
 * the plan is built. Null stands for all of the organization. Throws `request.invalid` on
 * `projects` for those that are not there. Two round trips for 16 of them.
 */
export async function plannedProjects(
  deps: PlannedProjectsDeps,
  organizationId: OrganizationId,
  called: readonly string[] | null,
): Promise<readonly ProjectId[] | null> {
  if (called === null) {
    return null;
  }
  const names = [...new Set(called)];
  const found = await mapConcurrently(WIDTH, names, (name) => idOf(deps, organizationId, name));
  const missing = names.filter((_, index) => found[index] === null);
  if (missing.length > 0) {
    throw invalidFields({
      projects: [`There is no project ${missing.join(', ')} in this organization.`],
    });
  }
  return [...new Set(found.flatMap((id) => id ?? []))];
}

async function idOf(
  deps: PlannedProjectsDeps,
  organizationId: OrganizationId,
  name: string,
): Promise<ProjectId | null> {
  try {
    return (await findActiveProject(deps, organizationId, name)).id;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'resource.not_found') {
      return null;
    }
    throw error;
  }
}
