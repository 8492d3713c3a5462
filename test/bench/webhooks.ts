import { type Answer, cloudAttempts } from '../../shared/domain/webhooks/attempts.ts';
import { mapConcurrently } from '../../shared/map-concurrently.ts';
import { hearEvent } from '../../shared/operations/webhooks/hear-event.ts';
import { surroundings } from '../support/operations.ts';
import { webhookEndpoint } from '../support/webhooks/builders.ts';
import { assignedEvent } from '../support/webhooks/sending.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { readsAndWrites } from './measure/counting-client.ts';
import { type VirtualTime, virtualTime } from './measure/virtual-time.ts';
import { webhookWorkers } from './measure/webhook-workers.ts';
import { atMost, type Report } from './page/report.ts';

const CHANGES = 1_000;
/** Events that are heard at the same time. */
const WIDTH = 16;
/** Calls of one endpoint at the same time. */
const CONCURRENT_CALLS = 20;
/** What a call of the table takes. */
const TABLE_MS = 5;

/** What the endpoints take for an answer; the last one never answers, and is given up then. */
const ANSWERS_AFTER_MS = { fast: 10, slow: 500, dead: 15_000 } as const;
type EndpointName = keyof typeof ANSWERS_AFTER_MS;

/** How much longer an endpoint may take for those beside it. */
const TARGET_BESIDE = 1.1;
/** How much longer than its answers an endpoint may take that is slow. */
const TARGET_SLOW = 1.2;

/** 1,000 changes for an endpoint that is alone, then for it and for two that are slow and dead. */
export async function runWebhooksBench(report: Report, engines: Engines): Promise<void> {
  const alone = await deliver(engines, ['fast']);
  const beside = await deliver(engines, ['fast', 'slow', 'dead']);
  const seconds = (ms: number) => Math.round(ms / 10) / 100;
  const [aloneMs, fastMs, slowMs] = [alone.ms('fast'), beside.ms('fast'), beside.ms('slow')];
  const answersMs = (CHANGES / CONCURRENT_CALLS) * ANSWERS_AFTER_MS.slow;
  report.table({
    columns: ['1,000 deliveries each', 'delivered', 'seconds', 'times'],
    rows: [
      ['a fast one, alone', alone.delivered('fast'), seconds(aloneMs), ''],
      [
        'it beside the others',
        beside.delivered('fast'),
        seconds(fastMs),
        `${atMost(fastMs / aloneMs, TARGET_BESIDE)} that`,
      ],
      [
        'a slow one beside the others',
        beside.delivered('slow'),
        seconds(slowMs),
        `${atMost(slowMs / answersMs, TARGET_SLOW)} its answers`,
      ],
      ['a dead one beside the others', beside.delivered('dead'), '', ''],
    ],
  });
  const row = (what: string, spent: typeof alone.fanOut) => [
    what,
    spent.calls,
    spent.writes,
    spent.reads,
  ];
  report.table({
    columns: ['a delivery', 'calls', 'write units', 'read units'],
    rows: [
      row('from its event to its row, one endpoint', alone.fanOut),
      row('from its event to its row, one of three', beside.fanOut),
      row('from its row to the endpoint', alone.sending),
    ],
  });
}

async function deliver(engines: Engines, names: readonly EndpointName[]) {
  const world = await benchWorld(engines, { groups: 1 });
  const time = virtualTime(Date.now());
  const workers = webhookWorkers(time);
  const endpoints = receivers(time);
  const deps = {
    ...world.stores,
    ...surroundings(),
    clock: () => new Date(time.nowMs()).toISOString(),
    secrets: { remove: async () => {} },
    wakeSender: workers.wakeSender,
    callEndpoint: endpoints.callEndpoint,
    attempts: cloudAttempts,
    random: () => 0,
    pause: time.sleep,
  };
  for (const name of names) {
    const { version } = await world.stores.webhookEndpoints.ofOrganization('1');
    await world.stores.webhookEndpoints.insert(webhookEndpoint({ id: name }), version);
  }
  world.counter.take();
  const [groupId = ''] = world.groupIds;
  const events = Array.from({ length: CHANGES }, () => assignedEvent(deps.clock(), { groupId }));
  await mapConcurrently(WIDTH, events, (event) => hearEvent(deps, event));
  const fanOut = eachOf(world.counter.take(), names.length);
  const startMs = time.nowMs();
  time.charge(world.client, TABLE_MS);
  const running = workers.run(deps);
  const answering = names.filter((name) => name !== 'dead');
  await time.runUntil(() => answering.every((name) => endpoints.delivered(name) === CHANGES));
  workers.stop();
  let isOver = false;
  await Promise.all([
    running.then(() => {
      isOver = true;
    }),
    time.runUntil(() => isOver),
  ]);
  return {
    fanOut,
    sending: eachOf(world.counter.take(), names.length),
    ms: (name: EndpointName) => endpoints.lastMs(name) - startMs,
    delivered: endpoints.delivered,
  };
}

/** Who receives webhooks: how many different ones they have taken, and when the last. */
function receivers(time: VirtualTime) {
  const taken = new Map<string, { readonly ids: Set<string>; lastMs: number }>();
  return {
    async callEndpoint(
      { id }: { readonly id: string },
      { eventId }: { readonly eventId: string },
    ): Promise<Answer> {
      const ms = ANSWERS_AFTER_MS[id as EndpointName];
      await time.sleep(ms);
      const answer = { response: '', retryAfterMs: null, ms };
      if (id === 'dead') {
        return { ...answer, code: null, error: 'The endpoint did not answer.' };
      }
      const before = taken.get(id) ?? { ids: new Set(), lastMs: 0 };
      before.ids.add(eventId);
      taken.set(id, { ...before, lastMs: time.nowMs() });
      return { ...answer, code: 204, error: null };
    },
    delivered: (name: EndpointName) => taken.get(name)?.ids.size ?? 0,
    lastMs: (name: EndpointName) => taken.get(name)?.lastMs ?? Number.NaN,
  };
}

/** Of each of 1,000 deliveries to so many endpoints. */
function eachOf(calls: Parameters<typeof readsAndWrites>[0], endpoints: number) {
  const { reads, writes } = readsAndWrites(calls);
  const count = CHANGES * endpoints;
  return { calls: calls.length / count, writes: writes / count, reads: reads / count };
}
