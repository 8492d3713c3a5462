import { gzipSync } from 'node:zlib';
import { receiveEnvelope } from '../../functions/envelope/receive.ts';
import { newClientKey } from '../../shared/domain/projects/client-key.ts';
import { apiHandler } from '../../shared/http/api.ts';
import { everyOrigin } from '../../shared/http/cors/cross-origin.ts';
import { bytesBody } from '../../shared/http/ingest/bytes-body.ts';
import type { OutgoingEvent } from '../../shared/operations/outbox/put-events.ts';
import { hashOf } from '../../shared/stores/ingest/event-deliveries.ts';
import { firstClientKey } from '../../shared/stores/projects/client-keys.ts';
import { wireIngestStores } from '../../shared/wire-stores.ts';
import { send } from '../http/gateway-event.ts';
import { NOW } from '../support/builders.ts';
import { surroundings } from '../support/operations.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { median } from './measure/median.ts';
import { createMeter, tableDollars } from './measure/spent.ts';
import { type Timed, timed } from './measure/timed.ts';
import { atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

const ROUNDS = 20;
const TARGETS = { sequence: 1, limited: 2 };
const MIB = 1024 * 1024;

/** An event with so many frames, as SDKs for Node send one of some forty. */
function envelopeOf(frames: number): Buffer {
  const frame = (at: number) => ({
    ...{ filename: `/srv/app/checkout/step-${at}.js`, module: `checkout:step-${at}` },
    ...{ function: `step${at}`, lineno: at, colno: 7, in_app: at % 3 === 0 },
    ...{ pre_context: ['a', 'b'], context_line: '  pay(order);', post_context: ['c'] },
  });
  const stacktrace = { frames: Array.from({ length: frames }, (_, at) => frame(at)) };
  const event = {
    ...{ environment: 'production', release: 'shop@1.2.3', user: { id: '7' } },
    exception: { values: [{ type: 'TypeError', value: 'No card', stacktrace }] },
  };
  return Buffer.from(`{}\n{"type":"event"}\n${JSON.stringify(event)}\n`);
}

/** `POST /{project}/envelope/` as the function answers it, up to the bus. */
export async function runSdkEventsBench(report: Report, engines: Engines): Promise<void> {
  const world = await benchWorld(engines, { groups: 1 });
  const { projects, clientKeys } = world.stores;
  const shop = (await projects.byIds(['31'])).get('31');
  if (shop === undefined) {
    throw new Error('There is no project shop.');
  }
  const made = newClientKey({ id: 'limited', secret: 's', projectId: '31', dateCreated: NOW });
  const rateLimit = { count: 1_000, window: 86_400 };
  await clientKeys.change(shop, null, { kind: 'put', key: { ...made, rateLimit } });
  const onBus: OutgoingEvent[] = [];
  const handler = apiHandler({
    functionName: 'envelope',
    deps: {
      ...wireIngestStores(world.stores.table),
      ...surroundings(),
      ...{ ...everyOrigin, hashOf, rateLimits: null },
      putEvents: async (events: readonly OutgoingEvent[]) => {
        onBus.push(...events);
        return events.map(() => null);
      },
    },
    body: bytesBody(),
    endpoints: { receiveEnvelope, receiveEvent: receiveEnvelope },
  });
  const post = async (key: string, body: Buffer, expected: number) => {
    const { statusCode } = await send(handler, {
      ...{ method: 'POST', resource: '/{projectId}/envelope', path: { projectId: '31' } },
      ...{ query: { sentry_key: [key] }, headers: { 'Content-Encoding': 'gzip' } },
      ...{ body: gzipSync(body).toString('base64'), base64: true, authorizer: null },
    });
    if (statusCode !== expected) {
      throw new Error(`An envelope was answered with ${statusCode}.`);
    }
  };
  const measure = createMeter(world, readAftermath());
  const first = firstClientKey(shop).id;
  const usual = envelopeOf(40);
  const largest = envelopeOf(4_600);
  const cases = [
    { name: 'an event of 40 frames', key: first },
    { name: 'an event of 4,600 frames', key: first, body: largest },
    { name: 'one under a key with a limit', key: 'limited', sequence: TARGETS.limited },
    { name: 'one under a key that nobody has', key: 'nobody', status: 404 },
  ];
  const rows: Cell[][] = [];
  for (const { name, key, body = usual, sequence = TARGETS.sequence, status = 200 } of cases) {
    onBus.length = 0;
    const spent = await measure(() => post(key, body, status));
    rows.push([
      name,
      atMost(spent.sequence, sequence),
      spent.calls,
      spent.writes,
      spent.reads,
      dollars(tableDollars(spent)),
      body.length,
      onBus.reduce((sum, { detail }) => sum + Buffer.byteLength(detail), 0),
    ]);
  }
  report.table({
    columns: [
      'request',
      'round trips in sequence',
      'calls',
      'write units',
      'read units',
      'a million, table',
      'bytes sent',
      'bytes on the bus',
    ],
    rows,
  });
  for (const [name, body] of [
    ['40 frames', usual],
    [`${(largest.length / MIB).toFixed(2)} MiB`, largest],
  ] as const) {
    report.time(`an event of ${name}: ${await cpuOf(() => post(first, body, 200))} ms of CPU`);
  }
}

async function cpuOf(work: () => Promise<void>): Promise<string> {
  const times: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await timed(work));
  }
  return median(times.map(({ cpuMs }) => cpuMs)).toFixed(1);
}
