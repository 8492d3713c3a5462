import { randomUUID } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventRecord, EventType } from '../../../shared/domain/events.ts';
import type { PutEvents } from '../../../shared/operations/outbox/put-events.ts';
import { replayEvents } from '../../../shared/operations/outbox/replay-events.ts';
import { outboxKeys } from '../../../shared/stores/keys/outbox-keys.ts';
import { createOutboxStore, type OutboxStore, outboxItem } from '../../../shared/stores/outbox.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const start = Date.parse('2026-03-01T10:58:00.000Z');
const seconds = (after: number) => new Date(start + after * 1_000).toISOString();
const all = { since: seconds(0), until: seconds(3_600), type: null };

let world: TestWorld;
let outbox: OutboxStore;
beforeAll(async () => {
  world = await worldOnFreshTable();
  outbox = createOutboxStore(world.stores.table);
});

function event(occurredAt: string, type: EventType = 'issue.assigned', text = ''): EventRecord {
  return {
    type,
    detail: {
      eventId: randomUUID(),
      aggregateId: 'group:101',
      version: 1,
      occurredAt,
      requestId: 'r',
      organizationId: '1',
      projectId: '31',
      groupId: '101',
      data: { text },
    },
  };
}

/** A record as a transaction writes it. */
function record(...of: Parameters<typeof event>) {
  const only = event(...of);
  return { eventId: only.detail.eventId, item: outboxItem(only) };
}

/** A record of an event as releases of before December 2026 wrote it. */
function recordOfBefore(...of: Parameters<typeof event>) {
  const { type, detail } = event(...of);
  const { eventId, occurredAt } = detail;
  const own = { entity: 'outbox', eventId, detailType: type, detail: JSON.stringify(detail) };
  return { eventId, item: { ...outboxKeys.record(occurredAt, eventId), ...own } };
}

async function write(items: readonly Record<string, unknown>[]): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    const puts = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await world.client.send(new BatchWriteCommand({ RequestItems: { [world.table]: puts } }));
  }
}

/** A bus that takes everything, and what it was told. */
function openBus(refuse: (eventId: string, call: number) => string | null = () => null) {
  const calls: string[][] = [];
  const taken: string[] = [];
  const putEvents: PutEvents = async (events) => {
    const ids = events.map(({ detail }) => JSON.parse(detail).eventId as string);
    calls.push(ids);
    return ids.map((id) => {
      const refusal = refuse(id, calls.length);
      if (refusal === null) {
        taken.push(id);
      }
      return refusal;
    });
  };
  const errors: Readonly<Record<string, unknown>>[] = [];
  const pauses: number[] = [];
  const deps = {
    outbox,
    putEvents,
    backOff: async (attempt: number) => void pauses.push(attempt),
    log: {
      error: (_: string, about: Readonly<Record<string, unknown>>) => void errors.push(about),
    },
  };
  return { deps, calls, taken, errors, pauses };
}

describe('events recorded at 10:58 and after', () => {
  const records = Array.from({ length: 240 }, (_, index) => record(seconds(index)));
  const ids = records.map(({ eventId }) => eventId);
  const status = record(seconds(30.5), 'issue.status_changed');

  beforeAll(() => write([...records, status].map(({ item }) => item)));

  it('come again in the order in which they happened, over hours and shards', async () => {
    const bus = openBus();
    const outcome = await replayEvents(bus.deps, all);
    expect(outcome).toEqual({ put: 241, refused: 0, stopped: null });
    expect(bus.taken).toEqual([...ids.slice(0, 31), status.eventId, ...ids.slice(31)]);
    expect(Math.max(...bus.calls.map((call) => call.length))).toBe(10);
  });

  it.each([
    ['from the first that is wanted', { since: seconds(200), until: seconds(3_600) }, 200, 240],
    ['up to one that is not', { since: seconds(0), until: seconds(120) }, 0, 120],
    ['within one hour', { since: seconds(10), until: seconds(12) }, 10, 12],
    ['none where there were none', { since: seconds(240), until: seconds(7_200) }, 240, 240],
  ])('are those of the time span: %s', async (_, span, first, end) => {
    const bus = openBus();
    await replayEvents(bus.deps, { ...span, type: 'issue.assigned' });
    expect(bus.taken).toEqual(ids.slice(first, end));
  });

  it('are of one type where one is named', async () => {
    const bus = openBus();
    const outcome = await replayEvents(bus.deps, { ...all, type: 'issue.status_changed' });
    expect(outcome.put).toBe(1);
    expect(bus.taken).toEqual([status.eventId]);
  });

  it('are put again with pauses while the bus refuses them, and the others only once', async () => {
    const late = new Set<string | undefined>([ids[3], ids[7]]);
    const bus = openBus((id, call) => (late.has(id) && call < 4 ? 'ThrottlingException' : null));
    const span = { since: seconds(0), until: seconds(20), type: 'issue.assigned' };
    expect(await replayEvents(bus.deps, span)).toEqual({ put: 20, refused: 0, stopped: null });
    expect(bus.calls.map((call) => call.length)).toEqual([10, 2, 2, 2, 10]);
    expect(bus.pauses).toEqual([1, 2, 3]);
    expect([...bus.taken].sort()).toEqual(ids.slice(0, 20).sort());
  });

  it.each([
    ['ThrottlingException', 'after eight attempts', 7],
    ['MalformedDetail', 'at once', 0],
  ])(
    'that are refused with %s are counted and named %s, and do not hold up the others',
    async (reason, _, pauses) => {
      const bus = openBus((id) => (id === ids[5] ? reason : null));
      const span = { since: seconds(0), until: seconds(20), type: 'issue.assigned' };
      expect(await replayEvents(bus.deps, span)).toEqual({ put: 19, refused: 1, stopped: null });
      expect(bus.errors).toEqual([
        {
          eventId: ids[5],
          type: 'issue.assigned',
          occurredAt: seconds(5),
          reason,
        },
      ]);
      expect(bus.pauses).toHaveLength(pauses);
    },
  );

  it('stop where the bus cannot be reached; the outcome says from when to repeat', async () => {
    const bus = openBus((_, call) => {
      if (call === 3) {
        throw new Error('No route to the bus.');
      }
      return null;
    });
    const outcome = await replayEvents(bus.deps, { ...all, type: 'issue.assigned' });
    expect(outcome).toMatchObject({ put: 20, refused: 0, stopped: { from: seconds(20) } });

    const again = openBus();
    const since = outcome.stopped?.from ?? '';
    await replayEvents(again.deps, { ...all, since, type: 'issue.assigned' });
    expect([...bus.taken, ...again.taken]).toEqual(ids);
  });
});

it('takes only as many large events together as one call holds', async () => {
  const large = Array.from({ length: 5 }, (_, index) =>
    record(seconds(20_000 + index), 'ownership.changed', 'x'.repeat(300_000)),
  );
  await write(large.slice(0, 3).map(({ item }) => item));
  await write(large.slice(3).map(({ item }) => item));
  const bus = openBus();
  const span = { since: seconds(20_000), until: seconds(20_010), type: null };
  expect((await replayEvents(bus.deps, span)).put).toBe(5);
  expect(bus.calls.map((call) => call.length)).toEqual([3, 2]);
});

describe('what one transaction recorded', () => {
  const at = seconds(30_000);
  const span = { since: at, until: seconds(30_010), type: null };
  const together = [event(at), event(at, 'manual.issue_assignment')] as const;
  const before = recordOfBefore(seconds(30_001), 'issue.unassigned');
  const [assigned, manual] = together.map(({ detail }) => detail.eventId);

  beforeAll(() => write([outboxItem(...together), before.item]));

  it.each([
    [
      'comes again event by event, beside records of before',
      null,
      [assigned, manual, before.eventId],
    ],
    ['is looked through for the type that is named', 'manual.issue_assignment', [manual]],
    [
      'is passed over where the type is that of a record of before',
      'issue.unassigned',
      [before.eventId],
    ],
  ] as const)('%s', async (_, type, ids) => {
    const bus = openBus();
    await replayEvents(bus.deps, { ...span, type });
    expect(bus.taken).toEqual(ids);
  });
});
