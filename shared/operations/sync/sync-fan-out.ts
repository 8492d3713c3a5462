import type { EventDetail } from '../../domain/events.ts';
import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { LinkRequest } from './sync-facts.ts';

/** A message for a queue that keeps the order within a lane. */
export type LaneMessage = {
  /** Messages of one lane are worked on one after the other. */
  readonly lane: string;
  /** The same within five minutes is the same message. */
  readonly deduplicationId: string;
  readonly body: object;
};

export type SendToLanes = (messages: readonly LaneMessage[]) => Promise<void>;

export type FanOutDeps = {
  readonly links: Pick<LinkStore, 'ofGroup'>;
  /** To the workers that bring links up to date, a lane for each link. */
  readonly sendOutbound: SendToLanes;
  /** To the workers that apply webhooks, a lane for each external issue. */
  readonly sendInbound: SendToLanes;
};

/** A webhook on its way to whom it concerns. */
export type ReceivedWebhook = {
  readonly integrationId: string;
  readonly snapshot: WebhookSnapshot;
  readonly requestId: string;
};

/** Splits an event into one message for each link that it concerns; a webhook into one for its external issue. */
export async function fanOut(
  deps: FanOutDeps,
  event: { readonly type: string; readonly detail: EventDetail },
): Promise<void> {
  const { type, detail } = event;
  if (type === 'integration.webhook.received') {
    const { integrationId, snapshot } = detail.data as Omit<ReceivedWebhook, 'requestId'>;
    const body: ReceivedWebhook = { integrationId, snapshot, requestId: detail.requestId };
    const lane = `${integrationId}#${snapshot.externalKey.toLowerCase()}`;
    await deps.sendInbound([{ lane, deduplicationId: detail.eventId, body }]);
    return;
  }
  const requests = await requestsOf(deps, event);
  await deps.sendOutbound(
    requests.map((body) => ({
      lane: body.linkId,
      deduplicationId: `${detail.eventId}#${body.linkId}`,
      body,
    })),
  );
}

async function requestsOf(
  deps: FanOutDeps,
  { type, detail }: { readonly type: string; readonly detail: EventDetail },
): Promise<LinkRequest[]> {
  const { groupId, requestId } = detail;
  if (groupId === undefined) return [];
  if (type === 'sync.requested') {
    const { linkId, verify, onDrift } = detail.data as Omit<LinkRequest, 'groupId' | 'requestId'>;
    return [{ groupId, linkId, verify, onDrift, requestId }];
  }
  const links = await deps.links.ofGroup(groupId);
  return links.map(({ id }) => ({
    groupId,
    linkId: id,
    verify: false,
    onDrift: 'adopt',
    requestId,
  }));
}
