import { isTableThrottled } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { isRecord, parseJsonOrNull } from '../../domain/json.ts';
import { isToldType } from '../../domain/webhooks/told-event.ts';
import type { WebhookOrganizationStore } from '../../stores/webhooks/webhook-organizations.ts';
import type { Log } from '../deps.ts';
import type { OutgoingEvent } from './put-events.ts';

export type SayWebhooksDeps = {
  readonly webhookOrganizations: Pick<WebhookOrganizationStore, 'withEndpoints'>;
  readonly log: Pick<Log, 'warn'>;
};

/** The events of each record of a batch; null of one that holds none. */
export type EventsOfRecords = readonly (readonly OutgoingEvent[] | null)[];

/**
 * The same events, where those that webhooks tell of say whether their organization has ever had an
 * endpoint: the rule that wakes webhook-fanout asks for it. They are read after their commit, so an
 * endpoint that was there before is seen. Where the table has no capacity the events say nothing,
 * and are told as if there were one.
 */
export async function sayWebhooks(
  deps: SayWebhooksDeps,
  records: EventsOfRecords,
): Promise<EventsOfRecords> {
  const envelopes = new Map(records.flatMap((events) => (events ?? []).flatMap(toldEnvelope)));
  const organizations = [
    ...new Set([...envelopes.values()].map(({ organizationId }) => organizationId)),
  ];
  if (organizations.length === 0) {
    return records;
  }
  const having = await havingEndpoints(deps, organizations);
  if (having === null) {
    return records;
  }
  const said = (event: OutgoingEvent): OutgoingEvent => {
    const envelope = envelopes.get(event);
    if (envelope === undefined) {
      return event;
    }
    const webhooks = having.has(envelope.organizationId);
    return { ...event, detail: JSON.stringify({ ...envelope, webhooks }) };
  };
  return records.map((events) => events?.map((event) => said(event)) ?? null);
}

type Envelope = { readonly organizationId: OrganizationId };

/** An event that webhooks tell of, with its envelope; nothing of any other. */
function toldEnvelope(event: OutgoingEvent): [OutgoingEvent, Envelope][] {
  const envelope = isToldType(event.type) ? parseJsonOrNull(event.detail) : null;
  return isRecord(envelope) && typeof envelope.organizationId === 'string'
    ? [[event, { ...envelope, organizationId: envelope.organizationId }]]
    : [];
}

/** Null where the table has no capacity to say. */
async function havingEndpoints(
  { webhookOrganizations, log }: SayWebhooksDeps,
  organizations: readonly OrganizationId[],
): Promise<ReadonlySet<OrganizationId> | null> {
  try {
    return await webhookOrganizations.withEndpoints(organizations);
  } catch (error) {
    if (!isTableThrottled(error)) {
      throw error;
    }
    log.warn('The table has no capacity to say who has webhooks; events are told to all.', {
      organizations: organizations.length,
    });
    return null;
  }
}
