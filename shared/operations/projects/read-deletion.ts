import { notFound } from '../../domain/errors.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Deletion } from '../../domain/projects/deletion.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';

/**
 * How far the deletion of a project is. The project is named by its id alone: its slug may be
 * another's by now. Throws `resource.not_found` for a project that is not being deleted, and for
 * another organization's.
 */
export async function readDeletion(
  deps: { readonly deletions: Pick<DeletionStore, 'ofProject'> },
  organizationId: OrganizationId,
  projectId: ProjectId,
): Promise<Deletion> {
  const deletion = await deps.deletions.ofProject(projectId);
  if (deletion?.organizationId !== organizationId) {
    throw notFound();
  }
  return deletion;
}
