import { isTold, mayTellTrackers } from '../../domain/bulk/forecast.ts';
import { hasFeature, type Organization } from '../../domain/directory.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import { ISSUE_SYNC_FEATURE } from '../../domain/sync/integration.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';

export type ExternalWritesDeps = {
  readonly links: Pick<LinkStore, 'ofGroup'>;
  readonly integrations: Pick<IntegrationStore, 'byIds'>;
};

/** Issues whose links are read at the same time. */
const WIDTH = 32;

/**
 * How many links of each changed issue have a tracker that would be told of it, in the order of the
 * changes. A Query for each issue that may be linked, and one round trip for their integrations;
 * none where the organization does not sync issues.
 */
export async function countExternalWrites(
  deps: ExternalWritesDeps,
  organization: Organization,
  changed: readonly GroupChanges[],
): Promise<number[]> {
  if (!hasFeature(organization, ISSUE_SYNC_FEATURE)) {
    return changed.map(() => 0);
  }
  const linked = await mapConcurrently(WIDTH, changed, async (changes) =>
    mayTellTrackers(changes) && changes.group.linked !== false
      ? await deps.links.ofGroup(changes.group.id)
      : [],
  );
  const ids = new Set(linked.flat().map(({ integrationId }) => integrationId));
  const integrations = await deps.integrations.byIds([...ids]);
  return changed.map((changes, index) => {
    const told = (linked[index] ?? []).filter(({ integrationId }) => {
      const integration = integrations.get(integrationId);
      return integration !== undefined && isTold(changes, integration);
    });
    return told.length;
  });
}
