import { DomainError, invalidFields } from '../../../domain/errors.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import { findActiveProject } from '../../lookup/find-project.ts';

export type PlannedProjectsDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
};

/** Projects looked up at the same time. */
const WIDTH = 16;

/**
 * Throws `request.invalid` on `projects` for those of a plan that are not there; null stands for
 * all of the organization. Two round trips for 16 of them.
 */
export async function requirePlannedProjects(
  deps: PlannedProjectsDeps,
  organizationId: OrganizationId,
  named: readonly string[] | null,
): Promise<void> {
  const missing = await mapConcurrently(WIDTH, [...new Set(named ?? [])], async (name) =>
    (await isThere(deps, organizationId, name)) ? [] : [name],
  );
  const names = missing.flat();
  if (names.length > 0) {
    throw invalidFields({
      projects: [`There is no project ${names.join(', ')} in this organization.`],
    });
  }
}

async function isThere(
  deps: PlannedProjectsDeps,
  organizationId: OrganizationId,
  name: string,
): Promise<boolean> {
  try {
    await findActiveProject(deps, organizationId, name);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'resource.not_found') {
      return false;
    }
    throw error;
  }
}
