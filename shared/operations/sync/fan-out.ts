import { assertNever } from '../../domain/errors.ts';
import type { BusEvent } from '../../domain/events.ts';
import type { IntegrationId } from '../../domain/ids.ts';
import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { LinkRequest } from './link-facts.ts';

/** A message for a FIFO queue. */
export type FifoMessage = {
  /** The MessageGroupId: messages of one group are worked on one after the other. */
  readonly messageGroupId: string;
  /** The same within five minutes is the same message. */
  readonly deduplicationId: string;
  readonly body: object;
};

export type SendFifo = (messages: readonly FifoMessage[]) => Promise<void>;

export type FanOutDeps = {
  readonly links: Pick<LinkStore, 'ofGroup'>;
  /** To the workers that bring links up to date, a message group for each link. */
  readonly sendOutbound: SendFifo;
  /** To the workers that apply webhooks, a message group for each external issue. */
  readonly sendInbound: SendFifo;
};

/** A received webhook, for the worker that applies it. */
export type ReceivedWebhook = {
  readonly integrationId: IntegrationId;
  readonly snapshot: WebhookSnapshot;
  readonly requestId: string;
};

type SyncEvent = BusEvent<
  | 'issue.assigned'
  | 'issue.unassigned'
  | 'issue.status_changed'
  | 'sync.requested'
  | 'integration.webhook.received'
>;

/**
 * Splits an event into one message for each link that it concerns; a webhook into one for its
 * external issue.
 */
export async function fanOut(deps: FanOutDeps, event: SyncEvent): Promise<void> {
  const { eventId, requestId } = event.detail;
  switch (event.type) {
    case 'integration.webhook.received': {
      const { integrationId, snapshot } = event.detail.data;
      const body: ReceivedWebhook = { integrationId, snapshot, requestId };
      const messageGroupId = `${integrationId}#${snapshot.externalKey.toLowerCase()}`;
      return deps.sendInbound([{ messageGroupId, deduplicationId: eventId, body }]);
    }
    case 'sync.requested': {
      const { groupId, data } = event.detail;
      return sendRequests(deps, eventId, [{ groupId, ...data, requestId }]);
    }
    case 'issue.assigned':
    case 'issue.unassigned':
    case 'issue.status_changed': {
      const { groupId } = event.detail;
      const links = await deps.links.ofGroup(groupId);
      const look = { groupId, verify: false, onDrift: 'adopt', requestId } as const;
      return sendRequests(
        deps,
        eventId,
        links.map(({ id }) => ({ ...look, linkId: id })),
      );
    }
    default:
      return assertNever(event);
  }
}

function sendRequests(
  deps: Pick<FanOutDeps, 'sendOutbound'>,
  eventId: string,
  requests: readonly LinkRequest[],
): Promise<void> {
  return deps.sendOutbound(
    requests.map((body) => ({
      messageGroupId: body.linkId,
      deduplicationId: `${eventId}#${body.linkId}`,
      body,
    })),
  );
}
