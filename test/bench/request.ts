import { setTimeout as delay } from 'node:timers/promises';
import { endpoints } from '../../functions/group-update/endpoints.ts';
import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { createRateLimits, rateStateOf } from '../../shared/cache/rate-limits.ts';
import type {
  ImportedRules,
  ProjectOwnership,
} from '../../shared/domain/ownership/project-ownership.ts';
import { apiHandler } from '../../shared/http/api.ts';
import { wireApiStores } from '../../shared/wire-stores.ts';
import { send } from '../http/gateway-event.ts';
import { startSwallowingProxy } from '../support/doubles/swallowing-proxy.ts';
import { surroundings } from '../support/operations.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { median } from './measure/median.ts';
import { createMeter, tableDollars } from './measure/spent.ts';
import { type Timed, timed } from './measure/timed.ts';
import { atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

const ROUNDS = 20;
/** How long the limit is kept from answering where a commit waits for it. */
const HELD_MS = 100;

const cases = [
  { name: 'PUT assignedTo, a user', body: { assignedTo: 'user:12' } },
  { name: 'PUT assignedTo, the same again', body: { assignedTo: 'user:12' } },
  { name: 'PUT assignedTo, a team', body: { assignedTo: 'team:21' } },
  { name: 'PUT assignedTo, nobody', body: { assignedTo: '' } },
  { name: 'PUT status, resolved', body: { status: 'resolved' } },
  { name: 'PUT status, unresolved', body: { status: 'unresolved' } },
];

/** `PUT .../issues/{id}/` as the function group-update answers it; the authorizer is before it. */
export async function runRequestBench(report: Report, engines: Engines): Promise<void> {
  const world = await benchWorld(engines, { groups: 1 });
  const proxy = await startSwallowingProxy(engines.cache);
  const client = createCacheClient({ ...proxy, auth: { kind: 'none' } });
  const limit = createHeldLimit();
  const handler = handlerOver(world, client, limit);
  const measure = createMeter(world, readAftermath());
  const put = async (body: object) => {
    const { statusCode } = await send(handler, {
      method: 'PUT',
      resource: '/0/organizations/{org}/issues/{issue}',
      path: { org: 'acme', issue: '100000' },
      body: JSON.stringify(body),
    });
    if (statusCode !== 200) {
      throw new Error(`${JSON.stringify(body)} was answered with ${statusCode}.`);
    }
  };
  // Connects to the cache, and has each code path run once.
  for (const { body } of cases) {
    await put(body);
  }
  await put({ assignedTo: '' });
  const rows: Cell[][] = [];
  for (const { name, body } of cases) {
    const before = proxy.traffic();
    const spent = await measure(() => put(body));
    const after = proxy.traffic();
    const awaited = await limit.awaitedBy(() => put(body));
    rows.push([
      name,
      spent.sequence,
      spent.calls,
      spent.writes,
      spent.reads,
      dollars(tableDollars(spent)),
      after.commands - before.commands,
      atMost(awaited, 0),
      after.sent - before.sent + after.answered - before.answered,
    ]);
  }
  await reportTime(report, put);
  await client.close();
  await proxy.close();
  report.table({
    columns: [
      'request',
      'round trips in sequence',
      'calls',
      'write units',
      'read units',
      'a million, table',
      'cache commands',
      'of these, awaited before the commit',
      'cache bytes',
    ],
    rows,
  });
}

async function reportTime(report: Report, put: (body: object) => Promise<void>): Promise<void> {
  const times: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await timed(() => put({ assignedTo: round % 2 === 0 ? 'user:12' : 'user:11' })));
  }
  const of = (what: keyof Timed) => median(times.map((time) => time[what])).toFixed(1);
  report.time(`a reassignment: ${of('cpuMs')} ms of CPU in ${of('wallMs')} ms`);
}

function handlerOver(
  { stores }: Pick<Awaited<ReturnType<typeof benchWorld>>, 'stores'>,
  client: ReturnType<typeof createCacheClient>,
  limit: ReturnType<typeof createHeldLimit>,
) {
  const rateLimits = createRateLimits(client);
  return apiHandler({
    functionName: 'group-update',
    deps: {
      ...{ operations: stores.operations, outcomes: stores.outcomes },
      ...limit.seeing(wireApiStores(stores.table)),
      ...surroundings(),
      client,
      rateLimits,
      ownerCaches: createOwnerCaches(client),
      ownershipCache: createOwnershipCache<ProjectOwnership, ImportedRules>(client),
      allowedOrigins: [],
      requestLimiter: {
        async admit(caller: string, operation: string, perSecond: number) {
          const result = await rateLimits.allowRequest(caller, operation, perSecond);
          await limit.answers();
          // Counted as ever, and never refused: the bench sends more than ten a second.
          const state = rateStateOf(result, { limit: perSecond, nowMs: Date.now() });
          return { ...state, isAllowed: true };
        },
      },
    },
    endpoints,
  });
}

/**
 * Whether commits wait for the limit: it is kept from answering until something is committed, or
 * for so long that a commit must be waiting.
 */
function createHeldLimit() {
  let committing: PromiseWithResolvers<boolean> | undefined;
  let awaited = 0;
  return {
    /** The same stores, whose commits are noticed. */
    seeing<S extends Pick<ReturnType<typeof wireApiStores>, 'groupChanges'>>(stores: S): S {
      const commit: typeof stores.groupChanges.commit = (...input) => {
        committing?.resolve(true);
        return stores.groupChanges.commit(...input);
      };
      return { ...stores, groupChanges: { ...stores.groupChanges, commit } };
    },
    async answers(): Promise<void> {
      if (committing === undefined) {
        return;
      }
      const hasCommitted = await Promise.race([committing.promise, delay(HELD_MS, false)]);
      awaited += hasCommitted ? 0 : 1;
    },
    /** How many answers of the limit a request's commit waits for. */
    async awaitedBy(request: () => Promise<void>): Promise<number> {
      awaited = 0;
      committing = Promise.withResolvers();
      await request();
      committing = undefined;
      return awaited;
    },
  };
}
