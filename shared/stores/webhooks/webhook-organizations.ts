import type { OrganizationId } from '../../domain/ids.ts';
import { webhookKeys } from '../keys/webhook-keys.ts';
import type { Table } from '../table.ts';

export type WebhookOrganizationStore = ReturnType<typeof createWebhookOrganizationStore>;

/** Organizations that one process remembers to have had an endpoint. */
const REMEMBERED = 1_000;

/** Which organizations have ever had an endpoint of webhooks. */
export function createWebhookOrganizationStore(table: Table, limit = REMEMBERED) {
  const remembered = new Set<OrganizationId>();

  function remember(organizations: readonly OrganizationId[]): void {
    for (const one of organizations) {
      if (remembered.size < limit) {
        remembered.add(one);
      }
    }
  }

  return {
    /**
     * Those of some organizations that have had an endpoint, consistently. Who had one once has had
     * one forever, so this is remembered; that somebody has none is asked each time. One round trip
     * where not all are known.
     */
    async withEndpoints(
      organizations: readonly OrganizationId[],
    ): Promise<ReadonlySet<OrganizationId>> {
      const asked = organizations.filter((one) => !remembered.has(one));
      const byPartition = new Map(asked.map((one) => [webhookKeys.version(one).pk, one]));
      const items = await table.batchGet(asked.map(webhookKeys.version));
      const found = items.flatMap(({ pk }) => byPartition.get(pk) ?? []);
      remember(found);
      return new Set([...organizations.filter((one) => remembered.has(one)), ...found]);
    },
  };
}
