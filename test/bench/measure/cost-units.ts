import { createTable as createEngineTable } from '../../../infra/local/driver/engines/create-table.ts';
import { writeWorld } from '../../../infra/world/load.ts';
import { parseWorld } from '../../../infra/world/read.ts';
import { createCacheClient } from '../../../shared/cache/client.ts';
import { createOwnerCaches } from '../../../shared/cache/owner-caches.ts';
import type { EventDetail } from '../../../shared/domain/events.ts';
import { localBackoff } from '../../../shared/domain/sync/backoff.ts';
import { acceptEvent } from '../../../shared/operations/ingest/accept-event.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import { type FifoMessage, fanOut } from '../../../shared/operations/sync/fan-out.ts';
import type { LinkRequest } from '../../../shared/operations/sync/link-facts.ts';
import { syncOutbound } from '../../../shared/operations/sync/outbound.ts';
import { firstClientKey } from '../../../shared/stores/projects/client-keys.ts';
import { createTable, type Item, type Table } from '../../../shared/stores/table.ts';
import { wireIngestStores } from '../../../shared/wire-stores.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { NOW, project } from '../../support/builders.ts';
import { hears } from '../../support/bus-events.ts';
import { eventsIn } from '../../support/consistency.ts';
import { assignedTo, surroundings } from '../../support/operations.ts';
import { createFakeTrackers } from '../../support/sync/fake-trackers.ts';
import { createStepper } from '../../support/sync/stepper.ts';
import { TABLE_PROPERTIES } from '../../support/table.ts';
import { smallWorld } from '../../support/world.ts';
import type { Engines } from './bench-world.ts';
import { countingClient, readsAndWrites } from './counting-client.ts';
import { eventRecorder } from './seen.ts';

/** What one piece of work takes from the table, and how many events and log lines it leaves. */
export type Units = { readonly reads: number; readonly writes: number; readonly events: number };

const GROUP = '100000';
const ISSUE = { integrationId: '501', provider: 'github', key: 'acme/shop#1' } as const;

/**
 * An issue of the project shop that is linked to one on GitHub, where alice and bob have accounts.
 */
const world = {
  ...smallWorld,
  organizations: smallWorld.organizations.map((organization) => ({
    ...organization,
    features: ['integrations-issue-sync' as const],
  })),
  groups: [{ id: GROUP, project: '31', shortId: 'SHOP-1', title: 'TypeError: cart' }],
  integrations: [
    {
      id: ISSUE.integrationId,
      provider: ISSUE.provider,
      organization: 'acme',
      name: ISSUE.provider,
      baseUrl: 'https://tracker.example.com',
      secretRef: 'none',
      config: { sync_forward_assignment: true },
      actor: { externalId: 'bot', externalName: 'bot' },
    },
  ],
  externalActors: ['11', '12'].map((user) => ({
    integration: ISSUE.integrationId,
    user,
    externalId: `p${user}`,
    externalName: `p${user}`,
  })),
  links: [{ group: GROUP, integration: ISSUE.integrationId, key: ISSUE.key }],
};

/** Does each kind of work once on the engines, and reads what the table reported. */
export async function measureUnits(engines: Engines) {
  const counter = countingClient(engines.endpoint);
  const { name } = await createEngineTable({
    endpoint: engines.endpoint,
    name: 'baton-cost',
    properties: TABLE_PROPERTIES,
  });
  await writeWorld(parseWorld(world, 'cost'), {
    client: counter.client,
    table: name,
    now: NOW,
    log: () => {},
    putSecret: async () => {},
  });
  const table = createTable({ client: counter.client, name });
  const stores = wireStores(table);
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  const deps = { ...stores, ...surroundings(), ownerCaches: createOwnerCaches(cache) };
  const events: { type: string; detail: EventDetail }[] = [];

  /** The units of some work, and the events that it recorded. */
  async function measure(work: () => Promise<unknown>): Promise<Units> {
    counter.take();
    counter.takeTransactions();
    await work();
    const recorded = counter
      .takeTransactions()
      .flatMap(({ TransactItems = [] }) => TransactItems)
      .flatMap(({ Put }) => (Put?.Item?.entity === 'outbox' ? [Put.Item as Item] : []))
      .flatMap(eventsIn);
    events.push(...recorded);
    return { ...readsAndWrites(counter.take()), events: recorded.length };
  }
  const assign = (to: string) => () =>
    updateGroups(deps, {
      organizationId: '1',
      groupIds: [GROUP],
      projects: ['shop'],
      update: assignedTo(to),
      initiator: { actingUserId: '11', requestId: 'cost' },
    });

  const assignment = await measure(assign('user:12'));
  const sync = await measure(() => bringToTracker(deps, events.splice(0)));
  const record = eventRecorder(stores, cache);
  const newIssue = await measure(() => record(['cart']));
  // Up to its eighth event an issue moves in its lists with each.
  await record(Array.from({ length: 7 }, () => 'cart'));
  const event = await measure(() => record(['cart']));
  await cache.close();
  const sdkEvent = await measure(() => acceptFromSdk(table));
  // It is put on the bus, and no record of a transaction.
  return { assignment, event, sdkEvent: { ...sdkEvent, events: 1 }, newIssue, sync };
}

/** An event of an SDK, under a key without a limit, up to the bus. */
async function acceptFromSdk(table: Table): Promise<void> {
  const deps = {
    ...wireIngestStores(table),
    ...surroundings(),
    putEvents: async (events: readonly OutgoingEvent[]) => events.map(() => null),
    newKeyText: () => 'new',
    hashOf: (text: string) => text,
  };
  const named = { projectId: '31', publicKey: firstClientKey(project({ id: '31' })).id };
  await acceptEvent(deps, named, () => ({ eventId: null, event: { message: 'cart' } }));
}

type Deps = ReturnType<typeof wireStores> & ReturnType<typeof surroundings>;

/** From the events of an assignment to the tracker that has been told. */
async function bringToTracker(
  deps: Deps,
  events: readonly { type: string; detail: EventDetail }[],
): Promise<void> {
  const trackers = createFakeTrackers({
    tickets: [ISSUE],
    now: () => Date.parse(NOW),
    stepper: createStepper(),
  });
  const messages: FifoMessage[] = [];
  const collect = async (sent: readonly FifoMessage[]) => void messages.push(...sent);
  // The rule of the bus lets through what the function asks for.
  for (const event of events.filter((one) => hears('sync-fanout', one))) {
    await fanOut({ ...deps, sendOutbound: collect, sendInbound: collect }, event as never);
  }
  const told = { ...deps, trackers: trackers.source, backoff: localBackoff, random: () => 0 };
  for (const { body } of messages) {
    await syncOutbound(told, { ...(body as LinkRequest), receives: 0, hasTime: () => true });
  }
  if (messages.length !== 1) {
    throw new Error(`An assignment sends ${messages.length} messages.`);
  }
}
