import type { EventRecord } from '../../domain/events.ts';
import type { IntegrationId, OrganizationId } from '../../domain/ids.ts';
import { type ExternalPerson, providers } from '../../domain/sync/external-issue.ts';
import type { Integration } from '../../domain/sync/integration.ts';
import {
  allOf,
  attributeIsNotAbove,
  attributeIsNotAtLeast,
  attributesAre,
  doesNotExist,
  exists,
} from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { integrationKeys } from '../keys/integration-keys.ts';
import { isKeyable } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { externalPerson, organizationId } from '../row-fields.ts';
import { flag, map, nullable, number, oneOf, orElse, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact } from '../transaction.ts';
import { type Changes, updateRow } from '../updates.ts';

export type IntegrationStore = ReturnType<typeof createIntegrationStore>;

/** The trackers of organizations. */
export function createIntegrationStore(table: Table, transact: Transact) {
  /** Changes single attributes of a row that is there; answers whether the condition held. */
  async function update(
    integrationId: IntegrationId,
    changes: Changes,
    condition = exists,
  ): Promise<boolean> {
    const update = updateRow(integrationKeys.integration(integrationId), changes, condition);
    return (await transactWithRetry(transact, [{ name: 'integration', update }])).committed;
  }

  return {
    /** One integration, consistently; undefined where there is none. One round trip. */
    async byId(integrationId: IntegrationId): Promise<Integration | undefined> {
      if (!isKeyable(integrationId)) {
        return undefined;
      }
      const item = await table.get(integrationKeys.integration(integrationId));
      return item && integrationFromItem(item);
    },

    /** The integrations of these ids that exist, by id. 100 a round trip. */
    async byIds(integrationIds: readonly IntegrationId[]): Promise<Map<string, Integration>> {
      const items = await table.batchGet(integrationIds.map(integrationKeys.integration));
      return new Map(items.map(integrationFromItem).map((one) => [one.id, one]));
    },

    /** The ids of an organization's integrations, in the order of their keys. One Query. */
    async idsOfOrganization(organizationId: OrganizationId): Promise<string[]> {
      const items = await table.queryAll(
        byPrefix(
          directoryKeys.organizationPartition(organizationId),
          integrationKeys.organizationPrefix,
        ),
      );
      return items.map((item) => read(item, 'integrationId', text));
    },

    /** Adds an integration; a refusal means that its id is taken. One round trip. */
    insert(integration: Integration) {
      return transact(
        integrationItems(integration).map((Item) => ({
          name: 'integration',
          put: { Item, ...doesNotExist },
        })),
      );
    },

    /** Sets what people may change of an integration; false where it is gone. One round trip. */
    change(
      integrationId: IntegrationId,
      { name, config }: Pick<Integration, 'name' | 'config'>,
    ): Promise<boolean> {
      return update(integrationId, { set: { name, config } });
    },

    /**
     * Until when somebody may be renewing the credentials (epoch milliseconds), null where nobody
     * is; undefined for an integration that is gone. One round trip.
     */
    async renewalEnd(integrationId: IntegrationId): Promise<number | null | undefined> {
      const item = await table.get(integrationKeys.integration(integrationId));
      return item && read(item, 'renewalUntilMs', nullable(number));
    },

    /**
     * Removes an integration. Refused where it is gone, or its credentials are renewed by somebody
     * else than was read. Its links follow when somebody next looks at them. One round trip.
     */
    remove(
      { id, organizationId }: Pick<Integration, 'id' | 'organizationId'>,
      renewalUntilMs: number | null,
      event: EventRecord,
    ) {
      return transact([
        {
          name: 'integration',
          delete: {
            Key: integrationKeys.integration(id),
            ...allOf(exists, attributesAre({ renewalUntilMs: renewalUntilMs ?? undefined })),
          },
        },
        {
          name: 'integration of the organization',
          delete: { Key: integrationKeys.ofOrganization(organizationId, id) },
        },
        recordEvent(event),
      ]);
    },

    /** Stores the account that Baton writes with. */
    rememberActor(integrationId: IntegrationId, actor: ExternalPerson): Promise<boolean> {
      return update(integrationId, { set: { actor } });
    },

    /** Pauses calls to the tracker until then, unless they are paused for longer already. */
    pause(integrationId: IntegrationId, untilMs: number): Promise<boolean> {
      const isShorter = attributeIsNotAtLeast('pausedUntilMs', untilMs);
      return update(integrationId, { set: { pausedUntilMs: untilMs } }, allOf(exists, isShorter));
    },

    /** Stores that the credentials were refused (a time) or are good again (null). */
    markRefused(integrationId: IntegrationId, atMs: number | null): Promise<boolean> {
      return update(integrationId, { set: { refusedAtMs: atMs } });
    },

    /** Claims the renewal of the credentials until `untilMs`; false where somebody else has it. */
    claimRenewal(integrationId: IntegrationId, nowMs: number, untilMs: number): Promise<boolean> {
      const isOver = attributeIsNotAbove('renewalUntilMs', nowMs);
      return update(integrationId, { set: { renewalUntilMs: untilMs } }, allOf(exists, isOver));
    },

    /** Ends the caller's claim. */
    endRenewal(integrationId: IntegrationId): Promise<boolean> {
      return update(integrationId, { remove: ['renewalUntilMs'] });
    },
  };
}

/** An integration's rows: its own, and the one that lists it with its organization. */
export function integrationItems(integration: Integration): Item[] {
  const { id, organizationId } = integration;
  return [
    { ...integrationKeys.integration(id), entity: 'integration', ...integration },
    {
      ...integrationKeys.ofOrganization(organizationId, id),
      entity: 'organizationIntegration',
      integrationId: id,
    },
  ];
}

const integrationFromItem = rowReader<Integration>({
  id: text,
  organizationId,
  provider: oneOf(providers),
  name: text,
  baseUrl: text,
  secretRef: text,
  config: map,
  allowPrivateAddress: orElse(flag, false),
  actor: nullable(externalPerson),
  dateCreated: text,
  pausedUntilMs: nullable(number),
  refusedAtMs: nullable(number),
});
