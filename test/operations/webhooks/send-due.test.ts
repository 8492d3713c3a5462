import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tableThrottled } from '../../../shared/domain/errors.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhooks/endpoint.ts';
import { changeWebhook } from '../../../shared/operations/webhooks/endpoints.ts';
import { ping, redeliver, redeliverSince } from '../../../shared/operations/webhooks/redeliver.ts';
import { NOW } from '../../support/builders.ts';
import { assignedEvent, webhookSending } from '../../support/webhooks/sending.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const DAY = 24 * 60 * 60 * 1_000;

let world: TestWorld;
let sending: ReturnType<typeof webhookSending>;
let to: WebhookEndpoint;

beforeAll(async () => {
  world = await worldOnFreshTable();
});
beforeEach(async () => {
  if (to !== undefined) {
    await sending.remove(to);
  }
  sending = webhookSending(world, NOW);
  to = await sending.endpoint();
});

const named = () => ({ organizationId: '1', webhookId: to.id });
const statuses = async () => (await sending.deliveriesOf(to)).map(({ status }) => status);
const current = () => world.stores.webhookEndpoints.byId('1', to.id);
const answerWith = (code: number) => sending.answers.set(to.id, () => ({ code }));
const initiator = { actingUserId: '11', requestId: 'r' };
const change = (changes: Partial<WebhookEndpoint>, projects = sending.deps.projects) =>
  changeWebhook(
    {
      ...sending.deps,
      projects,
      secrets: { read: async () => null, write: async () => {} },
      newSigningSecret: () => '',
      addressProblem: () => null,
    },
    named(),
    { changes, initiator },
  );

describe('an event', () => {
  it('is sent once, also when it comes twice or its message does', async () => {
    const event = assignedEvent(NOW);
    await Promise.all([sending.hear(event), sending.hear(event)]);
    await sending.hear(event);
    await Promise.all([sending.send(named()), sending.send(named())]);
    await sending.drain();
    expect(sending.sentTo(to).map(({ id }) => id)).toEqual([event.detail.eventId]);
    expect(await statuses()).toEqual(['delivered']);
  });

  it('says what happened, with names and without addresses', async () => {
    await sending.hear(assignedEvent(NOW, { operationId: 'op-1' }));
    await sending.drain();
    const project = { id: '31', slug: 'shop', name: 'Shop' };
    expect(sending.sentTo(to).map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'issue.assigned',
        timestamp: NOW,
        data: {
          issue: {
            ...{ id: '101', shortId: 'SHOP-1', title: expect.any(String), project },
            url: 'https://baton.example/organizations/acme/issues/101/',
          },
          project,
          before: { assignedTo: null },
          after: { assignedTo: { type: 'user', id: '12', name: 'Bob' } },
          actor: { type: 'user', id: '11', name: 'Alice' },
          operationId: 'op-1',
          version: 1,
        },
      },
    ]);
  });

  it.each<[string, Partial<WebhookEndpoint>]>([
    ['hears other types', { events: ['issue.resolved'] }],
    ['hears of other projects', { projects: ['32'] }],
    ['was made later', { dateCreated: '2027-01-01T00:00:00.000Z' }],
  ])('is not for who %s', async (_, fields) => {
    const other = await sending.endpoint(fields);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    expect(sending.sentTo(other)).toEqual([]);
    expect(sending.sentTo(to)).toHaveLength(1);
    await sending.remove(other);
  });

  it('is sent again under the same id with the same body until it is taken', async () => {
    const codes = [500, null, 302, 204];
    sending.answers.set(to.id, () => {
      const [code = 204] = codes.splice(0, 1);
      return { code };
    });
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    for (const ms of [5_000, 300_000, 1_800_000]) {
      sending.advance(ms - 1);
      await sending.wakeDue();
      await sending.drain();
      sending.advance(1);
      await sending.wakeDue();
      await sending.drain();
    }
    const sent = sending.sentTo(to);
    expect(new Set(sent.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(sent.map(({ sentAt }) => Date.parse(sentAt) - Date.parse(NOW))).toEqual([
      0, 5_000, 305_000, 2_105_000,
    ]);
    expect(await statuses()).toEqual(['delivered']);
  });

  it('is woken for by a delayed message while the wait is short, by the schedule else', async () => {
    answerWith(500);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    expect(sending.queue).toHaveLength(1);
    sending.advance(5_000);
    await sending.drain();
    sending.advance(300_000);
    await sending.drain();
    // Half an hour is too long for a message.
    expect(sending.queue).toEqual([]);
    sending.advance(1_800_000);
    expect(await sending.wakeDue()).toBeGreaterThan(0);
    await sending.drain();
    expect(sending.sentTo(to)).toHaveLength(4);
  });

  it('is given up after ten attempts', async () => {
    answerWith(500);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    for (let time = 0; time < 12; time += 1) {
      const [delivery] = await sending.deliveriesOf(to);
      const nextMs = Date.parse(delivery?.nextAttemptAt ?? sending.now());
      sending.advance(nextMs - Date.parse(sending.now()));
      await sending.wakeDue();
      await sending.drain();
    }
    expect(sending.sentTo(to)).toHaveLength(10);
    expect(await statuses()).toEqual(['failed']);
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, and what waits for it is dropped', async () => {
    answerWith(500);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    answerWith(410);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    expect(await current()).toMatchObject({ enabled: false, disabledReason: 'gone' });
    expect(sending.counted).toContain('webhook.disabled gone');
    await sending.send(named());
    expect((await statuses()).toSorted()).toEqual(['dropped', 'failed']);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    expect(sending.sentTo(to)).toHaveLength(2);
    expect((await statuses()).toSorted()).toEqual(['dropped', 'dropped', 'failed']);
  });

  it('that nothing has reached for five days is disabled by the next failure', async () => {
    answerWith(503);
    for (let day = 0; day <= 5; day += 1) {
      await sending.hear(assignedEvent(sending.now()));
      await sending.drain();
      expect((await current())?.enabled, `day ${day}`).toBe(day < 5);
      sending.advance(DAY);
    }
    expect(await current()).toMatchObject({ enabled: false, disabledReason: 'failing' });
  });

  it('that is taken up again gets what came meanwhile where it is asked for', async () => {
    await change({ enabled: false });
    const missed = assignedEvent(sending.now());
    await sending.hear(missed);
    await sending.drain();
    await expect(redeliverSince(sending.deps, named(), NOW)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await change({ enabled: true })).toMatchObject({ enabled: true, disabledReason: null });
    expect(sending.sentTo(to)).toEqual([]);
    await redeliverSince(sending.deps, named(), NOW);
    await sending.drain();
    expect(sending.sentTo(to).map(({ id }) => id)).toEqual([missed.detail.eventId]);
    expect(await statuses()).toEqual(['delivered']);
  });

  it('gets everything of a long failure again, page by page, and nothing twice', async () => {
    await change({ enabled: false });
    const events = Array.from({ length: 60 }, () => assignedEvent(sending.now()));
    for (const event of events) {
      await sending.hear(event);
    }
    await change({ enabled: true });
    await sending.hear(assignedEvent(sending.now(), { eventId: `taken-${to.id}` }));
    await sending.drain();
    await redeliverSince(sending.deps, named(), NOW);
    await sending.drain();
    const ids = sending.sentTo(to).map(({ id }) => id);
    const all = [`taken-${to.id}`, ...events.map(({ detail }) => detail.eventId)];
    expect(ids.toSorted()).toEqual(all.toSorted());
  });

  it('that is gone gets nothing any more, and is forgotten', async () => {
    answerWith(500);
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    await sending.remove(to);
    sending.advance(5_000);
    await sending.drain();
    expect(sending.sentTo(to)).toHaveLength(1);
    expect((await world.stores.webhookSending.healthOf([to.id])).size).toBe(0);
    to = await sending.endpoint();
  });

  it('says when it was last reached', async () => {
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    const health = (await world.stores.webhookSending.healthOf([to.id])).get(to.id);
    expect(health).toMatchObject({ lastSuccessAt: NOW, failingSince: null });
  });

  it('has what comes while somebody sends to it sent by them', async () => {
    let isFirst = true;
    const late = assignedEvent(NOW);
    sending.answers.set(to.id, () => ({ code: 204 }));
    await sending.hear(assignedEvent(NOW));
    const { deps } = sending;
    const callEndpoint: typeof deps.callEndpoint = async (...call) => {
      if (isFirst) {
        isFirst = false;
        await sending.hear(late);
        // Its message finds the endpoint taken.
        await sending.drain();
      }
      return deps.callEndpoint(...call);
    };
    const { sendDue } = await import('../../../shared/operations/webhooks/send-due.ts');
    const time = { requestId: 'r', hasTime: () => true };
    await sendDue({ ...deps, callEndpoint }, named(), time);
    expect(sending.sentTo(to).map(({ id }) => id)).toContain(late.detail.eventId);
    expect(sending.queue).toEqual([]);
  });
});

describe('a delivery', () => {
  it('can be sent again under the same id with the same body', async () => {
    await sending.hear(assignedEvent(NOW));
    await sending.drain();
    const [first] = await sending.deliveriesOf(to);
    sending.advance(60_000);
    const deliveryId = first?.id ?? '';
    expect(await redeliver(sending.deps, { ...named(), deliveryId })).toMatchObject({
      ...{ status: 'pending', nextAttemptAt: sending.now() },
    });
    await sending.drain();
    const sent = sending.sentTo(to);
    expect(new Set(sent.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(sent.map(({ sentAt }) => sentAt)).toEqual([NOW, sending.now()]);
    const [again] = await sending.deliveriesOf(to);
    expect(again).toMatchObject({ status: 'delivered', attempts: [{ code: 204 }, { code: 204 }] });
  });

  it.each(['1764000000000-nobody', 'nonsense', '~'])('called %s is not there', async (id) => {
    await expect(redeliver(sending.deps, { ...named(), deliveryId: id })).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('is a ping where somebody asks for one, whatever the endpoint hears', async () => {
    const deaf = await sending.endpoint({ events: ['project.created'] });
    const { id, eventId } = await ping(sending.deps, {
      ...{ organizationId: '1', webhookId: deaf.id },
    });
    await sending.drain();
    expect(sending.sentTo(deaf)).toMatchObject([{ id: eventId }]);
    expect(await sending.deliveriesOf(deaf)).toMatchObject([
      { id, type: 'webhook.ping', status: 'delivered' },
    ]);
    await sending.remove(deaf);
  });
});

describe('changes that are sent together', () => {
  beforeEach(async () => {
    await sending.remove(to);
    to = await sending.endpoint({ batch: true });
  });
  const bodies = () => sending.sentTo(to).map(({ body }) => JSON.parse(body));
  const sizes = () => bodies().map(({ data }) => data.issues.length);

  it('are those of one request, in bodies of a hundred with ids of their own', async () => {
    const events = Array.from({ length: 130 }, () => assignedEvent(NOW, { requestId: 'bulk' }));
    const other = assignedEvent(NOW, { requestId: 'another' });
    await Promise.all(
      [...events, other, ...events.slice(0, 3)].map((event) => sending.hear(event)),
    );
    await sending.drain();
    expect(sizes().toSorted((a, b) => a - b)).toEqual([1, 30, 100]);
    const told = bodies().flatMap(({ data }) =>
      data.issues.map(({ eventId }: { eventId: string }) => eventId),
    );
    const all = [...events, other].map(({ detail }) => detail.eventId);
    expect(told.toSorted()).toEqual(all.toSorted());
    const ids = sending.sentTo(to).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids.filter((id) => all.includes(id))).toEqual([]);
    expect(bodies()[0].data.issues[0]).toMatchObject({ issue: { id: '101' }, actor: { id: '11' } });
  });

  it('are those of one operation, whatever requests it had', async () => {
    for (const requestId of ['a', 'b', 'c']) {
      await sending.hear(assignedEvent(NOW, { requestId, operationId: 'op' }));
    }
    await sending.drain();
    expect(sizes()).toEqual([3]);
  });

  it('are closed after two to three seconds: what comes later has a body of its own', async () => {
    await sending.hear(assignedEvent(NOW, { requestId: 'slow' }));
    await sending.drain();
    const waited = Date.parse(sending.now()) - Date.parse(NOW);
    expect(waited).toBeGreaterThanOrEqual(2_000);
    expect(waited).toBeLessThanOrEqual(3_000);
    await sending.hear(assignedEvent(NOW, { requestId: 'slow' }));
    await sending.drain();
    expect(sizes()).toEqual([1, 1]);
  });

  it('are sent once also where the endpoint gets its changes one by one by then', async () => {
    const event = assignedEvent(NOW);
    await sending.hear(event);
    await sending.drain();
    await change({ batch: false });
    await sending.hear(event);
    await sending.drain();
    expect(sending.sentTo(to)).toHaveLength(1);
    const alone = assignedEvent(NOW);
    await sending.hear(alone);
    await change({ batch: true });
    await sending.hear(alone);
    await sending.drain();
    expect(sending.sentTo(to)).toHaveLength(2);
  });

  it('are dropped where the endpoint is disabled before they are sent', async () => {
    await sending.hear(assignedEvent(NOW));
    await change({ enabled: false });
    await sending.drain();
    expect(sending.sentTo(to)).toEqual([]);
    expect(await statuses()).toEqual(['dropped']);
  });
});

it('a slow endpoint goes to the end of the queue after a page, and loses nothing', async () => {
  sending.answers.set(to.id, () => {
    sending.advance(1_000);
    return { code: 204 };
  });
  for (let time = 0; time < 45; time += 1) {
    await sending.hear(assignedEvent(NOW));
  }
  sending.queue.splice(0);
  await sending.send(named());
  expect(sending.sentTo(to)).toHaveLength(20);
  expect(sending.queue).toHaveLength(1);
  await sending.drain();
  expect(sending.sentTo(to)).toHaveLength(45);
});

it('who runs out of time leaves the rest to the next one', async () => {
  for (let time = 0; time < 3; time += 1) {
    await sending.hear(assignedEvent(NOW));
  }
  sending.queue.splice(0);
  await sending.send(named(), undefined, () => false);
  expect(sending.sentTo(to)).toEqual([]);
  await sending.drain();
  expect(sending.sentTo(to)).toHaveLength(3);
});

describe('the projects of an endpoint', () => {
  it('are no projects that are not there while the table cannot be asked', async () => {
    const busy = tableThrottled(new Error('busy'));
    const projects = { ...sending.deps.projects, bySlug: () => Promise.reject(busy) };
    await expect(change({ projects: ['shop'] }, projects)).rejects.toBe(busy);
    await expect(change({ projects: ['nobodys'] })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    expect(await change({ projects: ['shop'] })).toMatchObject({ projects: ['31'] });
  });
});
