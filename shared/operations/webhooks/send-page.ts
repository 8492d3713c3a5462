import { toWebhookEventRecord } from '../../domain/events.ts';
import {
  type Answer,
  type AttemptSchedule,
  afterAttempt,
  type Delivery,
  disablingReason,
  dropped,
  healthAfter,
  isSuccess,
  withAttempt,
} from '../../domain/webhooks/attempts.ts';
import {
  changedEndpoint,
  type DisabledReason,
  type WebhookEndpoint,
} from '../../domain/webhooks/endpoint.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { DueWork, WebhookDeliveryStore } from '../../stores/webhooks/webhook-deliveries.ts';
import type { WebhookEndpointStore } from '../../stores/webhooks/webhook-endpoints.ts';
import type { SendingState, WebhookAddress } from '../../stores/webhooks/webhook-sending.ts';
import type { Count, Log } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { closeGathered, type GatheredDeps } from './close-gathered.ts';
import { recoverPage } from './recover.ts';

/** Signs a body and sends it; whatever goes wrong is an answer. */
type CallEndpoint = (
  endpoint: WebhookEndpoint,
  message: { readonly eventId: string; readonly body: string; readonly sentAt: string },
  policy: { readonly allowPrivateAddress: boolean },
) => Promise<Answer>;

export type SendPageDeps = GatheredDeps & {
  readonly webhookEndpoints: Pick<WebhookEndpointStore, 'byId' | 'change'>;
  readonly webhookDeliveries: Pick<
    WebhookDeliveryStore,
    | 'due'
    | 'byIds'
    | 'bodyOf'
    | 'replace'
    | 'forgetDue'
    | 'forgetGathered'
    | 'page'
    | 'advanceRecovery'
  >;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly callEndpoint: CallEndpoint;
  readonly attempts: AttemptSchedule;
  readonly random: () => number;
  readonly count: Count;
  readonly log: Log;
};

/** A worker's run for one endpoint, and what it has found out by now. */
export type SendingRun = {
  readonly address: WebhookAddress;
  readonly requestId: string;
  state: SendingState;
  /** Whether it was disabled by an answer of this page: nothing more of it is sent. */
  isDisabled: boolean;
};

/** A page of work for one endpoint. */
export type PageContext = {
  readonly run: SendingRun;
  readonly endpoint: WebhookEndpoint;
  readonly policy: { readonly allowPrivateAddress: boolean };
  readonly hasTime: () => boolean;
};

/** Calls at the same time: an endpoint that is slow is slow for all of them together. */
const WIDTH = 20;

/** Does what is due for an endpoint: sends, or drops where it is disabled. */
export async function sendPage(
  deps: SendPageDeps,
  context: PageContext,
  work: readonly DueWork[],
): Promise<void> {
  const { run, endpoint, hasTime } = context;
  // It was read since the page before: somebody may have taken it up again.
  run.isDisabled = false;
  for (const one of work) {
    if (one.kind === 'gathered') {
      await closeGathered(deps, endpoint, one, hasTime);
    } else if (one.kind === 'recovery') {
      await recoverPage(deps, endpoint, one);
    }
  }
  const pending = await pendingOf(deps, endpoint, work);
  await mapConcurrently(WIDTH, pending, (delivery) =>
    endpoint.enabled && !run.isDisabled
      ? attempt(deps, context, delivery)
      : drop(deps, endpoint, delivery),
  );
}

/** The deliveries that are to be sent; what else says that something is due is forgotten. */
async function pendingOf(
  deps: SendPageDeps,
  { id }: WebhookEndpoint,
  work: readonly DueWork[],
): Promise<readonly Delivery[]> {
  const due = work.flatMap((one) => (one.kind === 'delivery' ? [one] : []));
  const found = await deps.webhookDeliveries.byIds(
    id,
    due.map(({ deliveryId }) => deliveryId),
  );
  const isStale = ({ deliveryId, at }: (typeof due)[number]) =>
    found.get(deliveryId)?.nextAttemptAt !== at;
  const stale = due.filter(isStale);
  if (stale.length > 0) {
    await deps.webhookDeliveries.forgetDue(
      id,
      stale.map(({ sortKey }) => sortKey),
    );
  }
  return due
    .filter((one) => !isStale(one))
    .flatMap(({ deliveryId }) => found.get(deliveryId) ?? []);
}

async function drop(
  deps: SendPageDeps,
  { id }: WebhookEndpoint,
  delivery: Delivery,
): Promise<void> {
  await deps.webhookDeliveries.replace(id, delivery, dropped(delivery));
}

/**
 * Sends one delivery, and writes down what came of it. A worker that dies in between sends it again
 * under the same id.
 */
async function attempt(
  deps: SendPageDeps,
  { run, endpoint, policy }: PageContext,
  delivery: Delivery,
): Promise<void> {
  const body = await deps.webhookDeliveries.bodyOf(endpoint.id, delivery.id);
  if (body === undefined) {
    return drop(deps, endpoint, delivery);
  }
  const at = deps.clock();
  const message = { eventId: delivery.eventId, body, sentAt: at };
  const answer = await deps.callEndpoint(endpoint, message, policy);
  run.state = { ...run.state, ...healthAfter(run.state, answer, at) };
  await disableWhereOver(deps, { run, endpoint }, { answer, at });
  const context = { at, schedule: deps.attempts, random: deps.random() };
  const after = afterAttempt(delivery, answer, context);
  if (!(await deps.webhookDeliveries.replace(endpoint.id, delivery, after))) {
    await keepAttempt(deps, endpoint, delivery, { answer, at });
  }
  tell(deps, endpoint, delivery, { answer, after });
}

/** What an endpoint has answered, and when it was called. */
type Answered = { readonly answer: Answer; readonly at: string };

/**
 * Disables an endpoint that wants no more, or was not reached for too long. Before its delivery is
 * written: a worker that dies in between is answered so again.
 */
async function disableWhereOver(
  deps: SendPageDeps,
  { run, endpoint }: Pick<PageContext, 'run' | 'endpoint'>,
  { answer, at }: Answered,
): Promise<void> {
  const reason = disablingReason(run.state, answer, at);
  if (reason !== null && !run.isDisabled) {
    run.isDisabled = true;
    run.state = { ...run.state, failingSince: null };
    await disable(deps, run, endpoint, reason);
  }
}

/**
 * Keeps an attempt among those of its delivery, which somebody asked for again while it was made:
 * what they have asked for still follows.
 */
function keepAttempt(
  { webhookDeliveries }: SendPageDeps,
  { id }: WebhookEndpoint,
  { id: deliveryId }: Delivery,
  { answer, at }: Answered,
): Promise<void> {
  return redecide(async () => {
    const before = (await webhookDeliveries.byIds(id, [deliveryId])).get(deliveryId);
    if (before === undefined) {
      return;
    }
    const after = withAttempt(before, answer, at);
    return (await webhookDeliveries.replace(id, before, after)) ? undefined : AGAIN;
  });
}

/** The address of an endpoint may hold a secret: logs name its host only. */
function tell(
  { count, log }: SendPageDeps,
  endpoint: WebhookEndpoint,
  { eventId, type }: Delivery,
  { answer, after }: { readonly answer: Answer; readonly after: Delivery },
): void {
  count('webhook.attempt', { outcome: isSuccess(answer) ? 'delivered' : after.status });
  if (!isSuccess(answer)) {
    log.warn('A webhook was not taken.', {
      webhook: endpoint.id,
      host: URL.parse(endpoint.url)?.host ?? null,
      eventId,
      type,
      code: answer.code,
      reason: answer.error,
      nextAttemptAt: after.nextAttemptAt,
    });
  }
}

/**
 * Sends nothing more to an endpoint, and says so on the bus. One that has another address by now
 * was not meant.
 */
function disable(
  deps: SendPageDeps,
  { address, requestId }: SendingRun,
  { url }: WebhookEndpoint,
  reason: DisabledReason,
): Promise<void> {
  return redecide(async () => {
    const { organizationId, webhookId } = address;
    const before = await deps.webhookEndpoints.byId(organizationId, webhookId);
    if (!before?.enabled || before.url !== url) {
      return;
    }
    const after = {
      ...changedEndpoint(before, { enabled: false }),
      disabledReason: reason,
    };
    const event = toWebhookEventRecord(
      { type: 'webhook.disabled', version: after.version, data: { reason } },
      { ...eventContext(deps, systemInitiator(requestId), deps.clock()), ...address },
    );
    const { committed } = await deps.webhookEndpoints.change(after, [event]);
    if (!committed) {
      return AGAIN;
    }
    deps.count('webhook.disabled', { reason });
    return undefined;
  });
}
