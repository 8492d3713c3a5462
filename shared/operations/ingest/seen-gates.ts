import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCacheEntry, OwnerCaches } from '../../cache/owner-caches.ts';
import type { Organization } from '../../domain/directory.ts';
import type { SeenAggregate } from '../../domain/ingest/seen.ts';
import type { SubscribedGroup } from '../../stores/issues/user-rows.ts';
import { type AskedGates, askOwnerGates, type OwnerGatesDeps } from '../ownership/owner-gates.ts';

export type SeenGatesDeps = OwnerGatesDeps & {
  readonly ownerCaches: Pick<OwnerCaches, 'read'>;
};

/** What events leave to be done with the owners of their group. */
export type OwnersToSee = {
  /** What the caches knew of the group just before. */
  readonly cached: CacheResult<OwnerCacheEntry>;
  /** What the gates before an evaluation said; null where none was asked. */
  readonly asked: AskedGates | null;
  /** The event that is noted as unfinished until its owners were evaluated; null for none. */
  readonly unfinished: string | null;
};

/**
 * Asks the gates before an evaluation of owners while the events are not yet counted, so that only
 * what leads to one is noted as unfinished, and taken back afterwards. `begun` is a group that
 * nobody can have assigned yet.
 */
export async function readOwnerGates(
  deps: SeenGatesDeps,
  {
    group,
    organization,
    isError,
    begun,
  }: {
    readonly group: SubscribedGroup;
    readonly organization: Organization;
    readonly isError: boolean;
    readonly begun: boolean;
  },
  { latest, commits }: SeenAggregate,
): Promise<OwnersToSee> {
  const scope = { organizationId: organization.id, projectId: group.projectId };
  const cached = await deps.ownerCaches.read(scope, group.id);
  if (!isError || latest === null) {
    return { cached, asked: null, unfinished: null };
  }
  const asked = await askOwnerGates(deps, { group, organization, cached }, { begun });
  const leadsOn = asked.consequence !== 'keep' || commits.length > 0;
  return { cached, asked, unfinished: leadsOn ? latest.eventId : null };
}
