import { beforeEach, expect, it } from 'vitest';
import { TOLD_TYPES } from '../../../shared/domain/webhooks/told-event.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import { relayEvents } from '../../../shared/operations/outbox/relay-events.ts';
import {
  type EventsOfRecords,
  sayWebhooks,
} from '../../../shared/operations/outbox/say-webhooks.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { createWebhookOrganizationStore } from '../../../shared/stores/webhooks/webhook-organizations.ts';
import { countingClient, readsAndWrites } from '../../bench/measure/counting-client.ts';
import { NOW } from '../../support/builders.ts';
import { hears } from '../../support/bus-events.ts';
import { faulty } from '../../support/faulty-table.ts';
import { surroundings } from '../../support/operations.ts';
import { webhookSending } from '../../support/webhooks/sending.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let counter: ReturnType<typeof countingClient>;

beforeEach(async () => {
  world = await worldOnFreshTable();
  counter = countingClient(world.endpoint);
});

/** A relay's own look at the table, which remembers so many organizations. */
function look(limit?: number) {
  const table = createTable({ client: counter.client, name: world.table });
  return { ...surroundings(), webhookOrganizations: createWebhookOrganizationStore(table, limit) };
}

const event = (organizationId: string, type = 'issue.assigned'): OutgoingEvent => ({
  type,
  detail: JSON.stringify({ eventId: 'e', organizationId, data: {} }),
});
const saidBy = (records: EventsOfRecords) =>
  records.flatMap((events) => (events ?? []).map(({ detail }) => JSON.parse(detail).webhooks));
const wakes = ({ type, detail }: OutgoingEvent) =>
  hears('webhook-fanout', { type, detail: JSON.parse(detail) });

it('events say whether their organization has had an endpoint; one that has none wakes nobody', async () => {
  await webhookSending(world, NOW).endpoint();
  const records = [[event('1'), event('2')], null, [event('1', 'manual.issue_assignment')]];
  const told = await sayWebhooks(look(), records);
  expect(saidBy(told)).toEqual([true, false, undefined]);
  expect(told[1]).toBeNull();
  expect(told[2]).toEqual(records[2]);
  expect(told[0]?.map(wakes)).toEqual([true, false]);
  expect(JSON.parse(told[0]?.[0]?.detail ?? '')).toEqual({
    ...JSON.parse(event('1').detail),
    webhooks: true,
  });
});

it('is said of every type that webhooks tell of, and of no other', async () => {
  const types = [...TOLD_TYPES, 'webhook.disabled', 'webhook.deleted', 'team.deleted'];
  const told = await sayWebhooks(look(), [types.map((type) => event('1', type))]);
  expect(saidBy(told)).toEqual(
    types.map((_, index) => (index < TOLD_TYPES.length ? false : undefined)),
  );
});

it('an endpoint that was there before an event hears it, whoever looked before that', async () => {
  const deps = look();
  expect(saidBy(await sayWebhooks(deps, [[event('1')]]))).toEqual([false]);
  await webhookSending(world, NOW).endpoint();
  expect(saidBy(await sayWebhooks(deps, [[event('1')]]))).toEqual([true]);
});

it('an organization whose last endpoint is gone is told as before', async () => {
  const sending = webhookSending(world, NOW);
  await sending.remove(await sending.endpoint());
  expect(saidBy(await sayWebhooks(look(), [[event('1')]]))).toEqual([true]);
});

it('a batch looks once, a read unit for each organization, and at none it knows', async () => {
  await webhookSending(world, NOW).endpoint();
  const deps = look(1);
  const batch = Array.from({ length: 100 }, (_, index) => [event(String(1 + (index % 3)))]);
  const taken: unknown[] = [];
  for (let time = 0; time < 2; time += 1) {
    counter.take();
    await sayWebhooks(deps, batch);
    const calls = counter.take();
    taken.push([calls.map(({ command }) => command), readsAndWrites(calls).reads]);
  }
  // The first time the first organization is found, and remembered.
  expect(taken).toEqual([
    [['BatchGetItem'], 3],
    [['BatchGetItem'], 2],
  ]);
  counter.take();
  await sayWebhooks(deps, [[event('1')], [event('3', 'team.deleted')], null]);
  expect(counter.take()).toEqual([]);
});

it('where the table has no capacity events say nothing, and are told', async () => {
  const { table, faults } = await faulty(world);
  const deps = { ...surroundings(), webhookOrganizations: createWebhookOrganizationStore(table) };
  faults.set([{ kind: 'throttle', operation: 'BatchGetItem', calls: 1 }]);
  const put: OutgoingEvent[] = [];
  const putEvents = async (events: readonly OutgoingEvent[]) => {
    put.push(...events);
    return events.map(() => null);
  };
  expect(await relayEvents({ ...deps, putEvents }, [[event('1')]])).toBe(1);
  expect(put.map(({ detail }) => detail)).toEqual([event('1').detail]);
  expect(put.map(wakes)).toEqual([true]);
  expect(deps.telemetry.lines.map(({ level }) => level)).toEqual(['warn']);
});

it('an event without an envelope is passed on as it is', async () => {
  const strange = [
    { type: 'issue.assigned', detail: '[1]' },
    { type: 'issue.assigned', detail: '{}' },
  ];
  expect(await sayWebhooks(look(), [strange])).toEqual([strange]);
  expect(counter.take()).toEqual([]);
});
