import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, WebhookId } from '../../domain/ids.ts';
import { disabledReasons, type WebhookEndpoint } from '../../domain/webhooks/endpoint.ts';
import { WEBHOOK_TYPES } from '../../domain/webhooks/webhook-types.ts';
import { allOf, attributeIs, attributeIsNotAbove, doesNotExist, versionIs } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { webhookKeys } from '../keys/webhook-keys.ts';
import { isKeyable } from '../keys.ts';
import { recordEvents } from '../outbox.ts';
import { organizationId } from '../row-fields.ts';
import { flag, list, nullable, number, oneOf, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact } from '../transaction.ts';
import { updateRow } from '../updates.ts';

export type WebhookEndpointStore = ReturnType<typeof createWebhookEndpointStore>;

/** The endpoints of an organization, and the version that a new one of them raises. */
export type WebhookEndpoints = {
  readonly version: number | null;
  readonly endpoints: readonly WebhookEndpoint[];
};

/** Where the webhooks of organizations go. */
export function createWebhookEndpointStore(table: Table, transact: Transact) {
  return {
    /** All endpoints of an organization, the oldest first. One Query. */
    async ofOrganization(of: OrganizationId): Promise<WebhookEndpoints> {
      const items = await table.queryAll(
        byPrefix(directoryKeys.organizationPartition(of), webhookKeys.organizationPrefix),
      );
      const version = items.find(({ entity }) => entity === 'webhooksVersion');
      const endpoints = items.filter(({ entity }) => entity === 'webhook').map(endpointFromItem);
      return {
        version: version === undefined ? null : read(version, 'version', number),
        endpoints: endpoints.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
      };
    },

    /** One endpoint, consistently; undefined where there is none. One round trip. */
    async byId(of: OrganizationId, webhookId: WebhookId): Promise<WebhookEndpoint | undefined> {
      if (!isKeyable(webhookId)) {
        return undefined;
      }
      const item = await table.get(webhookKeys.endpoint(of, webhookId));
      return item && endpointFromItem(item);
    },

    /** Adds an endpoint. Refused where its id is taken, or others came since they were read. */
    insert(endpoint: WebhookEndpoint, version: number | null) {
      const Item = {
        ...webhookKeys.version(endpoint.organizationId),
        entity: 'webhooksVersion',
        version: (version ?? 0) + 1,
      };
      return transact([
        { name: 'endpoints', put: { Item, ...versionIs(version) } },
        { name: 'endpoint', put: { Item: endpointItem(endpoint), ...doesNotExist } },
      ]);
    },

    /**
     * Writes an endpoint as it is to be, with what happened by that. Refused where it is gone, or
     * has changed since it was read. One round trip.
     */
    change(endpoint: WebhookEndpoint, events: readonly EventRecord[]) {
      const { organizationId, id, version } = endpoint;
      const { url, events: heard, projects, description, batch } = endpoint;
      const { enabled, disabledReason } = endpoint;
      const update = updateRow(
        webhookKeys.endpoint(organizationId, id),
        {
          set: {
            url,
            events: heard,
            projects,
            description,
            batch,
            enabled,
            disabledReason,
            version,
          },
        },
        versionIs(version - 1),
      );
      return transact([{ name: 'endpoint', update }, ...recordEvents(events)]);
    },

    /** Removes an endpoint. Refused where it is gone, or its secrets are being rotated. */
    remove({ organizationId, id }: WebhookEndpoint, nowMs: number, event: EventRecord) {
      return transact([
        {
          name: 'endpoint',
          delete: {
            Key: webhookKeys.endpoint(organizationId, id),
            ...allOf(attributeIs('id', id), attributeIsNotAbove('rotatingUntilMs', nowMs)),
          },
        },
        ...recordEvents([event]),
      ]);
    },

    /** Claims the rotation of the secrets until then; false where somebody else has it. */
    async claimRotation(
      { organizationId, id }: WebhookEndpoint,
      nowMs: number,
      untilMs: number,
    ): Promise<boolean> {
      const isFree = allOf(attributeIs('id', id), attributeIsNotAbove('rotatingUntilMs', nowMs));
      const update = updateRow(
        webhookKeys.endpoint(organizationId, id),
        { set: { rotatingUntilMs: untilMs } },
        isFree,
      );
      return (await transactWithRetry(transact, [{ name: 'endpoint', update }])).committed;
    },

    /** Ends the caller's claim, and says which secret is the newest. */
    async endRotation(
      { organizationId, id }: WebhookEndpoint,
      untilMs: number,
      secretId: string,
    ): Promise<boolean> {
      const update = updateRow(
        webhookKeys.endpoint(organizationId, id),
        { set: { secretId }, remove: ['rotatingUntilMs'] },
        attributeIs('rotatingUntilMs', untilMs),
      );
      return (await transactWithRetry(transact, [{ name: 'endpoint', update }])).committed;
    },
  };
}

function endpointItem(endpoint: WebhookEndpoint): Item {
  const { organizationId: of, id } = endpoint;
  return { ...webhookKeys.endpoint(of, id), entity: 'webhook', ...endpoint };
}

function order({ dateCreated, id }: WebhookEndpoint): string {
  return `${dateCreated} ${id}`;
}

const endpointFromItem = rowReader<WebhookEndpoint>({
  id: text,
  organizationId,
  url: text,
  events: list(oneOf([...WEBHOOK_TYPES, '*'])),
  projects: nullable(list(text)),
  description: text,
  batch: flag,
  enabled: flag,
  origin: text,
  disabledReason: nullable(oneOf(disabledReasons)),
  dateCreated: text,
  version: number,
  secretId: text,
});
