import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { SeenProject } from './find-seen-project.ts';
import type { ReleasesOfBatch } from './first-seen-of-releases.ts';

/**
 * The project of a batch: what is begun in it moves its counter. Its releases are asked for once a
 * batch.
 */
export type BatchProject = { current: SeenProject; readonly releases: ReleasesOfBatch };

/** Reads the project of a batch anew; false where it is being deleted. */
export async function refreshProject(
  { projects }: { readonly projects: Pick<ProjectStore, 'withTeams'> },
  batchProject: BatchProject,
): Promise<boolean> {
  const project = await projects.withTeams(batchProject.current.project.project.id);
  if (project?.project.status !== 'active') {
    return false;
  }
  batchProject.current = { ...batchProject.current, project };
  return true;
}
