import { total } from '../../../infra/cost/bill.ts';
import { NO_WORK, workLines } from '../../../infra/cost/work.ts';
import type { BusEvent } from '../../../shared/domain/events.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import { sayWebhooks } from '../../../shared/operations/outbox/say-webhooks.ts';
import { fanOut } from '../../../shared/operations/sync/fan-out.ts';
import {
  createOutboxStore,
  type OutboxStore,
  type RecordedEvent,
} from '../../../shared/stores/outbox.ts';
import type { Item } from '../../../shared/stores/table.ts';
import { createWebhookOrganizationStore } from '../../../shared/stores/webhooks/webhook-organizations.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { surroundings } from '../../support/operations.ts';
import type { Aftermath } from './aftermath.ts';
import { type countingClient, inSequence, readsAndWrites } from './counting-client.ts';

/** What a piece of work took from the table, and what follows it. */
export type Spent = {
  readonly calls: number;
  readonly sequence: number;
  readonly writes: number;
  readonly reads: number;
  /** Rows for which the stream invokes the relay. */
  readonly records: number;
  readonly events: number;
  /** What the rules of the bus put into queues. */
  readonly messages: number;
  /** Read units of the relay, and of the worker that looks for links of an issue. */
  readonly followingReads: number;
};

type Metered = {
  readonly stores: Stores;
  readonly counter: ReturnType<typeof countingClient>;
};

/** A message is received and deleted; the rule sends it at no charge. */
const QUEUE_CALLS = 2;

/** Measures work on one table, one piece after the other. */
export function createMeter({ stores, counter }: Metered, aftermath: Aftermath) {
  const known = new Set<string>();
  const outbox = createOutboxStore(stores.table);

  return async (work: () => Promise<unknown>): Promise<Spent> => {
    await newEvents(outbox, known);
    counter.take();
    counter.takeTransactions();
    await work();
    const calls = counter.take();
    const put = counter
      .takeTransactions()
      .flatMap(({ TransactItems = [] }) => TransactItems)
      .flatMap(({ Put }) => (Put?.Item === undefined ? [] : [Put.Item as Item]));
    const events = await newEvents(outbox, known);
    counter.take();
    const heard = (await relayed(stores, events)).flatMap((event) =>
      aftermath.consumersOf(event).map((consumer) => ({ consumer, event })),
    );
    for (const { consumer, event } of heard) {
      if (consumer === 'syncfanout') {
        await lookForLinks(stores, event);
      }
    }
    return {
      ...readsAndWrites(calls),
      calls: calls.length,
      sequence: inSequence(calls),
      records: put.filter(aftermath.wakesRelay).length,
      events: events.length,
      messages: heard.length,
      followingReads: readsAndWrites(counter.take()).reads,
    };
  };
}

/** What each of many took, of what they took together. */
export function eachOf(spent: Spent, count: number): Spent {
  return Object.fromEntries(
    Object.entries(spent).map(([name, amount]) => [name, amount / count]),
  ) as Spent;
}

/** Dollars for a million: of the table alone. */
export function tableDollars({ reads, writes }: Pick<Spent, 'reads' | 'writes'>): number {
  return total(workLines({ ...NO_WORK, reads, writes }));
}

/** Dollars for a million with all that follows, each alone in its batch. */
export function allDollars(spent: Spent): number {
  const { reads, writes, records, events, messages, followingReads } = spent;
  return total(
    workLines({
      ...NO_WORK,
      reads: reads + followingReads,
      writes,
      invocations: records + messages,
      events,
      queueCalls: messages * QUEUE_CALLS,
    }),
  );
}

/** The events that were recorded since the last look. */
async function newEvents(outbox: OutboxStore, known: Set<string>): Promise<RecordedEvent[]> {
  const hour = 3_600_000;
  const found: RecordedEvent[] = [];
  const since = new Date(Date.now() - hour).toISOString();
  const until = new Date(Date.now() + hour).toISOString();
  for await (const event of outbox.eventsSince({ since, until, type: null })) {
    if (!known.has(event.eventId)) {
      known.add(event.eventId);
      found.push(event);
    }
  }
  return found;
}

/** The events as the relay puts them on the bus, of one batch. */
async function relayed(
  { table }: Stores,
  events: readonly RecordedEvent[],
): Promise<readonly OutgoingEvent[]> {
  const webhookOrganizations = createWebhookOrganizationStore(table);
  const said = await sayWebhooks({ ...surroundings(), webhookOrganizations }, [events]);
  return said.flatMap((of) => of ?? []);
}

async function lookForLinks({ links }: Stores, { type, detail }: OutgoingEvent): Promise<void> {
  const nowhere = async () => undefined;
  const event = { type, detail: JSON.parse(detail) } as BusEvent<'issue.assigned'>;
  await fanOut({ links, sendOutbound: nowhere, sendInbound: nowhere }, event);
}
