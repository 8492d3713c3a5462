import { DomainError, dryRunRefused, invalidRequest } from '../../domain/errors.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { IntegrationId } from '../../domain/ids.ts';
import { parseForeignJson } from '../../domain/json.ts';
import type { Provider } from '../../domain/sync/external-issue.ts';
import type { Integration } from '../../domain/sync/integration.ts';
import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';
import { commitWithRetry } from '../../retry.ts';
import type { WebhookSecretsOf } from '../../secrets/integration-secret.ts';
import type { ExternalChangeStore } from '../../stores/sync/external-changes.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Delivery, Webhook } from '../../trackers/webhooks/webhook.ts';
import type { Clock, Count } from '../deps.ts';

export type ReceiveWebhookDeps = {
  readonly integrations: Pick<IntegrationStore, 'byId'>;
  readonly links: Pick<LinkStore, 'isLinked'>;
  readonly externalChanges: Pick<ExternalChangeStore, 'remind'>;
  readonly webhookSecretsOf: WebhookSecretsOf;
  readonly webhookOf: (provider: Provider) => Webhook;
  readonly providerOf: (name: string) => Provider | null;
  readonly clock: Clock;
  readonly newEventId: () => string;
  readonly count: Count;
};

/**
 * More than any issue has to say about its people; beyond it, and within an item's size, the
 * tracker is asked instead.
 */
const LONGEST_SNAPSHOT = 64 * 1024;

/**
 * Believes a webhook, or not, and has it applied by its event. What concerns no linked issue ends
 * here. Two round trips of reads, one of writing. Throws `access.invalid_signature` for everything
 * that is not signed, whatever else is wrong with it, and `request.invalid` for a signed body that
 * is not a JSON object.
 */
export async function receiveWebhook(
  deps: ReceiveWebhookDeps,
  input: Delivery & {
    readonly provider: string;
    readonly integrationId: IntegrationId;
    readonly requestId: string;
    /** There is none of a webhook: a signed one is refused. */
    readonly isDryRun?: boolean;
  },
): Promise<void> {
  const integration = await deps.integrations.byId(input.integrationId);
  if (integration === undefined || integration.provider !== deps.providerOf(input.provider)) {
    throw invalidSignature();
  }
  const webhook = deps.webhookOf(integration.provider);
  const secrets = await deps.webhookSecretsOf(integration);
  if (!(await webhook.verify(input, secrets, Date.parse(deps.clock())))) {
    throw invalidSignature();
  }

  if (input.isDryRun) {
    throw dryRunRefused();
  }
  const snapshot = webhook.normalize(input, parseObject(input.rawBody));
  const isConcerned =
    snapshot !== null && (await deps.links.isLinked(integration.id, snapshot.externalKey));
  const outcome = isConcerned ? 'accepted' : 'ignored';
  deps.count('sync.webhook', { provider: integration.provider, outcome });
  if (snapshot === null || !isConcerned) {
    return;
  }
  const event = webhookReceived(deps, integration, withinBounds(snapshot), input.requestId);
  await commitWithRetry(() => deps.externalChanges.remind(event, null));
}

function invalidSignature(): DomainError {
  return new DomainError('access.invalid_signature', 'Invalid signature');
}

function parseObject(rawBody: string): object {
  let body: unknown;
  try {
    body = parseForeignJson(rawBody);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('The body is not a JSON object.');
  }
  return body;
}

function withinBounds(snapshot: WebhookSnapshot): WebhookSnapshot {
  if (JSON.stringify(snapshot).length <= LONGEST_SNAPSHOT) {
    return snapshot;
  }
  return { ...snapshot, assignees: null, actor: null, incomplete: true };
}

function webhookReceived(
  deps: Pick<ReceiveWebhookDeps, 'clock' | 'newEventId'>,
  { id, organizationId }: Integration,
  snapshot: WebhookSnapshot,
  requestId: string,
): EventRecord {
  return {
    type: 'integration.webhook.received',
    detail: {
      eventId: deps.newEventId(),
      aggregateId: `integration:${id}`,
      version: 0,
      occurredAt: deps.clock(),
      requestId,
      organizationId,
      data: { integrationId: id, snapshot },
    },
  };
}
