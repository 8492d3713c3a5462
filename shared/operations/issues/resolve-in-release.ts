import { invalidFields, invalidRequest } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { ResolvedIn, StatusRequest } from '../../domain/issues/group-status.ts';
import type { ReleaseStore } from '../../stores/projects/releases.ts';

export type ResolveInReleaseDeps = { readonly releases: Pick<ReleaseStore, 'newest'> };

/** What the word stands for in Sentry: the newest release of the project. */
const LATEST_RELEASE = 'latest';

/**
 * Names the releases that only the project knows: the latest one, and the one that the next comes
 * after for groups that were seen in none. Throws `request.invalid` for groups of several projects,
 * since a release belongs to one, and where no release is the latest. No round trip where nothing
 * of the project is needed, else one.
 */
export async function withReleasesOfProject(
  deps: ResolveInReleaseDeps,
  request: StatusRequest,
  groups: readonly Group[],
): Promise<StatusRequest> {
  const { resolvedIn } = request;
  const projectIds = new Set(groups.map((group) => group.projectId));
  const [projectId] = projectIds;
  if (resolvedIn === null || projectId === undefined) {
    return request;
  }
  requireOneProject(request, projectIds);
  return { ...request, resolvedIn: await named(deps, resolvedIn, projectId, groups) };
}

/** Throws `request.invalid` for a release that is to resolve groups of several projects. */
export function requireOneProject(
  { resolvedIn }: StatusRequest,
  projectIds: ReadonlySet<ProjectId>,
): void {
  if (resolvedIn !== null && projectIds.size > 1) {
    throw invalidRequest('Cannot set resolved for multiple projects.');
  }
}

async function named(
  deps: ResolveInReleaseDeps,
  resolvedIn: ResolvedIn,
  projectId: ProjectId,
  groups: readonly Group[],
): Promise<ResolvedIn> {
  if (resolvedIn.kind === 'release') {
    if (resolvedIn.version !== LATEST_RELEASE) {
      return resolvedIn;
    }
    const latest = await deps.releases.newest(projectId);
    if (latest !== null) {
      return { kind: 'release', version: latest.version };
    }
    throw invalidFields({ statusDetails: ['inRelease: No release of the project is known.'] });
  }
  if (groups.every(({ newestRelease }) => newestRelease !== null)) {
    return resolvedIn;
  }
  const newestOfProject = await deps.releases.newest(projectId);
  return newestOfProject === null ? resolvedIn : { ...resolvedIn, newestOfProject };
}
