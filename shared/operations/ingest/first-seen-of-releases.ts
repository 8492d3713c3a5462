import type { ProjectId } from '../../domain/ids.ts';
import type { ReleasesFirstSeen, SeenAggregate } from '../../domain/ingest/seen.ts';
import type { Group } from '../../domain/issues/group.ts';
import { newerRelease, type SeenRelease } from '../../domain/release.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { ReleaseStore } from '../../stores/projects/releases.ts';

export type SeenReleasesDeps = { readonly releases: ReleaseStore };

/** When releases were first seen in the project of a batch, as far as the batch has asked. */
export type ReleasesOfBatch = Map<string, Promise<string>>;

/**
 * When the releases were first seen that decide what events mean for their group, null for one that
 * they begin. Those that nobody has seen before are remembered. Of a group that goes on in its
 * newest release nothing is read or written.
 */
export async function firstSeenOfReleases(
  deps: SeenReleasesDeps,
  known: ReleasesOfBatch,
  {
    projectId,
    group,
    aggregate,
  }: {
    readonly projectId: ProjectId;
    readonly group: Group | null;
    readonly aggregate: SeenAggregate;
  },
): Promise<ReleasesFirstSeen> {
  const others = aggregate.releases.flatMap(({ release: version, firstSeen }) =>
    version === null || version === group?.newestRelease?.version ? [] : [{ version, firstSeen }],
  );
  const [seen, ofResolve] = await Promise.all([
    Promise.all(
      others.map(async (release) => [release.version, await once(deps, known, projectId, release)]),
    ),
    group === null ? [] : releaseOfResolve(deps, projectId, group),
  ]);
  return new Map([...ofResolve, ...seen] as [string, string][]);
}

/** The release that a group is resolved in may have been seen since, or not at all. */
async function releaseOfResolve(
  deps: SeenReleasesDeps,
  projectId: ProjectId,
  { status, statusDetails: { inRelease } }: Group,
): Promise<[string, string][]> {
  if (status !== 'resolved' || typeof inRelease !== 'string') {
    return [];
  }
  const firstSeen = await deps.releases.firstSeen(projectId, inRelease);
  return firstSeen === undefined ? [] : [[inRelease, firstSeen]];
}

/** Many groups of a batch meet a new release at the same time: one of them remembers it. */
function once(
  deps: SeenReleasesDeps,
  known: ReleasesOfBatch,
  projectId: ProjectId,
  release: SeenRelease,
): Promise<string> {
  const before = known.get(release.version);
  if (before !== undefined) {
    return before;
  }
  const asking = remember(deps, projectId, release);
  known.set(release.version, asking);
  return asking;
}

function remember(
  { releases }: SeenReleasesDeps,
  projectId: ProjectId,
  release: SeenRelease,
): Promise<string> {
  return redecide(async () => {
    const [firstSeen, read] = await Promise.all([
      releases.firstSeen(projectId, release.version),
      releases.newest(projectId),
    ]);
    if (firstSeen !== undefined) {
      return firstSeen;
    }
    const next = newerRelease(read, release) ?? release;
    const outcome = await releases.add(projectId, release, { read, next });
    // Of a project that is being deleted nothing is kept, and nobody will ask.
    const isOver = outcome.committed || outcome.refused.includes('project');
    return isOver ? release.firstSeen : AGAIN;
  });
}
