import { beforeAll, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../shared/domain/webhooks/endpoint.ts';
import { NOW } from '../../support/builders.ts';
import type { Death } from '../../support/crash/death.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { assignedEvent, type Sent, webhookSending } from '../../support/webhooks/sending.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/**
 * Whoever makes deliveries or sends them dies after each call to the table. In the end each event
 * has arrived, and never under two ids.
 */

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable();
});

const EVENTS = ['one', 'two', 'three'];

/** Which event arrived under which ids. */
function idsOf(sent: readonly Sent[]): Record<string, string[]> {
  const ids: Record<string, Set<string>> = {};
  for (const { id, body } of sent) {
    const { data } = JSON.parse(body);
    const told: readonly string[] = data.issues?.map(
      ({ eventId }: { eventId: string }) => eventId,
    ) ?? [id];
    for (const eventId of told) {
      ids[eventId] = (ids[eventId] ?? new Set()).add(id);
    }
  }
  return Object.fromEntries(Object.entries(ids).map(([eventId, known]) => [eventId, [...known]]));
}

/** Where in a try somebody dies: while an event is heard, or while something is sent. */
type Dying = 'hearing' | 'sending';

async function tryOnce(dying: Dying, endpoint: Partial<WebhookEndpoint>, death: Death) {
  const sending = webhookSending(world, NOW);
  const to = await sending.endpoint(endpoint);
  const name = (event: string) => `${event}-${to.id}`;
  let isAlive = true;
  for (const event of EVENTS) {
    const told = assignedEvent(NOW, { eventId: name(event), requestId: to.id });
    isAlive = (await sending.hear(told, dying === 'hearing' ? death : undefined)) && isAlive;
    // The queue brings the message again, whether its worker has lived or died.
    await sending.hear(told);
  }
  if (dying === 'sending') {
    // The first calls fail, so that there is something to come back to.
    let calls = 0;
    sending.answers.set(to.id, () => ({ code: (calls++ < 2 && 500) || 204 }));
    sending.advance(4_000);
    isAlive = await sending.send({ organizationId: '1', webhookId: to.id }, death);
  }
  // The claim of a worker that died runs out, and what is left is found by the schedule.
  for (const ms of [0, 5_000, 91_000, 400_000, 2_000_000]) {
    sending.advance(ms);
    await sending.wakeDue();
    await sending.drain();
  }
  const expected = EVENTS.map((event) => [name(event), [expect.any(String)]]);
  expect(idsOf(sending.sentTo(to))).toEqual(Object.fromEntries(expected));
  const states = (await sending.deliveriesOf(to)).map(({ status }) => status);
  expect(new Set(states)).toEqual(new Set(['delivered']));
  await sending.remove(to);
  return isAlive;
}

it.each<[string, Dying, Partial<WebhookEndpoint>]>([
  ['makes a delivery', 'hearing', {}],
  ['gathers changes', 'hearing', { batch: true }],
  ['sends deliveries', 'sending', {}],
  ['sends what was gathered', 'sending', { batch: true }],
])('whoever %s can die at any write', async (_, dying, endpoint) => {
  const deaths = await everyDeath((death) => tryOnce(dying, endpoint, death));
  expect(deaths).toBeGreaterThan(1);
});

it('whoever disables an endpoint that wants no more can die at any write', async () => {
  const deaths = await everyDeath(async (death) => {
    const sending = webhookSending(world, NOW);
    const to = await sending.endpoint();
    sending.answers.set(to.id, () => ({ code: 410 }));
    const told = assignedEvent(NOW);
    await sending.hear(told);
    const isAlive = await sending.send({ organizationId: '1', webhookId: to.id }, death);
    for (const ms of [0, 91_000, 400_000]) {
      sending.advance(ms);
      await sending.wakeDue();
      await sending.drain();
    }
    expect(await world.stores.webhookEndpoints.byId('1', to.id)).toMatchObject({
      ...{ enabled: false, disabledReason: 'gone' },
    });
    expect(Object.keys(idsOf(sending.sentTo(to)))).toEqual([told.detail.eventId]);
    const [delivery] = await sending.deliveriesOf(to);
    expect(['failed', 'dropped']).toContain(delivery?.status);
    await sending.remove(to);
    return isAlive;
  });
  expect(deaths).toBeGreaterThan(1);
});
