import { randomUUID } from 'node:crypto';
import type { EventData } from '../../../shared/domain/events.ts';
import { type Answer, cloudAttempts } from '../../../shared/domain/webhooks/attempts.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhooks/endpoint.ts';
import type { ToldEvent } from '../../../shared/domain/webhooks/told-event.ts';
import { hearEvent } from '../../../shared/operations/webhooks/hear-event.ts';
import { sendDue } from '../../../shared/operations/webhooks/send-due.ts';
import { wakeDueSenders } from '../../../shared/operations/webhooks/wake-due.ts';
import type { WebhookAddress } from '../../../shared/stores/webhooks/webhook-sending.ts';
import { survives } from '../crash/cascade-worker.ts';
import type { Death } from '../crash/death.ts';
import type { TestWorld } from '../world.ts';
import { webhookEndpoint } from './builders.ts';

/** What an endpoint was sent. */
export type Sent = {
  readonly webhookId: string;
  readonly id: string;
  readonly body: string;
  readonly sentAt: string;
};

type Message = { readonly to: WebhookAddress; readonly atMs: number };

/**
 * The way of webhooks over a real table, with a clock, a queue and endpoints of the test's own: who
 * works may die after any call to the table.
 */
export function webhookSending(world: TestWorld, startedAt: string) {
  let nowMs = Date.parse(startedAt);
  const queue: Message[] = [];
  const sent: Sent[] = [];
  const answers = new Map<string, (sent: Sent) => Partial<Answer>>();
  const counted: string[] = [];
  const removed: string[] = [];
  const now = () => new Date(nowMs).toISOString();

  const depsOver = (stores: TestWorld['stores']) => ({
    ...stores,
    clock: now,
    newId: randomUUID,
    newEventId: randomUUID,
    attempts: cloudAttempts,
    random: () => 0,
    count: (name: string, about: object = {}) => {
      counted.push([name, ...Object.values(about)].join(' '));
    },
    log: { info() {}, warn() {}, error() {} },
    pause: async (ms: number) => void advance(ms),
    secrets: { remove: async (reference: string) => void removed.push(reference) },
    async wakeSender(to: WebhookAddress, delaySeconds: number) {
      queue.push({ to, atMs: nowMs + delaySeconds * 1_000 });
    },
    async callEndpoint(
      { id: webhookId }: WebhookEndpoint,
      { eventId: id, body, sentAt }: { eventId: string; body: string; sentAt: string },
    ): Promise<Answer> {
      const one = { webhookId, id, body, sentAt };
      sent.push(one);
      const answer = answers.get(webhookId)?.(one) ?? { code: 204 };
      return {
        ...{ code: null, error: null, ms: 0, response: '', retryAfterMs: null },
        ...answer,
      };
    },
  });

  function advance(ms: number): void {
    nowMs += ms;
  }

  const hear = (event: Parameters<typeof hearEvent>[1], death?: Death) =>
    survives(world, death, (stores) => hearEvent(depsOver(stores), event));

  const send = (to: WebhookAddress, death?: Death, hasTime = () => true) =>
    survives(world, death, (stores) =>
      sendDue(depsOver(stores), to, { requestId: 'request', hasTime }),
    );

  return {
    sent,
    answers,
    counted,
    removed,
    queue,
    now,
    advance,
    hear,
    send,
    deps: depsOver(world.stores),
    /** Works on the messages whose time has come, and on those that follow. */
    async drain(): Promise<void> {
      for (let steps = 0; ; steps += 1) {
        const index = queue.findIndex(({ atMs }) => atMs <= nowMs);
        const [message] = index < 0 ? [] : queue.splice(index, 1);
        if (message === undefined) {
          return;
        }
        if (steps > 500) {
          throw new Error('It never comes to rest.');
        }
        await send(message.to);
      }
    },
    /** Runs the schedule. */
    wakeDue: () => wakeDueSenders(depsOver(world.stores), { hasTime: () => true }),
    /** Adds an endpoint of acme. */
    async endpoint(fields: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
      const made = webhookEndpoint({ id: randomUUID(), dateCreated: startedAt, ...fields });
      const { version } = await world.stores.webhookEndpoints.ofOrganization('1');
      const { committed } = await world.stores.webhookEndpoints.insert(made, version);
      if (!committed) {
        throw new Error('The endpoint could not be added.');
      }
      return made;
    },
    async remove(endpoint: WebhookEndpoint): Promise<void> {
      const detail = { eventId: randomUUID(), aggregateId: 'x', version: 1, occurredAt: now() };
      await world.stores.webhookEndpoints.remove(endpoint, nowMs, {
        type: 'webhook.deleted',
        detail: { ...detail, requestId: 'r', organizationId: '1', data: {} },
      });
    },
    /** What an endpoint was sent, by its id. */
    sentTo: ({ id }: Pick<WebhookEndpoint, 'id'>) =>
      sent.filter(({ webhookId }) => webhookId === id),
    deliveriesOf: ({ id }: Pick<WebhookEndpoint, 'id'>) =>
      world.stores.webhookDeliveries.page(id, {
        ...{ from: null, oldest: '2020-01-01T00:00:00.000Z', limit: 1_000, newestFirst: true },
      }),
  };
}

/** An event about the issue 101 of the shop, or another of its issues. */
export function assignedEvent(
  at: string,
  more: {
    readonly eventId?: string;
    readonly requestId?: string;
    readonly operationId?: string;
    readonly groupId?: string;
  } = {},
): ToldEvent {
  const data: EventData['issue.assigned'] = {
    assignee: { type: 'user', id: '12' },
    previous: null,
    isFirstAssignment: true,
    source: null,
  };
  return {
    type: 'issue.assigned',
    detail: {
      ...{ eventId: randomUUID(), aggregateId: 'group:101', version: 1, occurredAt: at },
      ...{ requestId: 'request', organizationId: '1', projectId: '31', groupId: '101' },
      ...more,
      actor: 'user:11',
      data,
    },
  };
}
