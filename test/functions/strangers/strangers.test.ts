import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queuedOperation } from '../../../shared/domain/bulk/operation.ts';
import { beginPlan } from '../../../shared/domain/bulk/plan.ts';
import { newDelivery } from '../../../shared/domain/webhooks/attempts.ts';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { type Operation, ROUTES } from '../../../shared/http/routes.ts';
import { workRequested } from '../../../shared/operations/bulk/accept-operation.ts';
import type { Item } from '../../../shared/stores/table.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { NOW } from '../../support/builders.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { webhookEndpoint } from '../../support/webhooks/builders.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';
import { DELIVERY, type Pair, parameters, references, type Thing, things } from './references.ts';
import { strangersWorld } from './world.ts';

/**
 * A thing of another organization is answered exactly as one that does not exist: in status,
 * headers and body, in every reference that a route has in its path, its query or its body. The
 * routes are those of the route table.
 */

let world: TestWorld;
let secrets: Server;
let before: readonly Item[];
const handlers = new Map<string, ApiHandler>();

beforeAll(async () => {
  world = await worldOnFreshTable(strangersWorld);
  await beginOperation('2', '8001');
  await world.stores.plans.insert(
    beginPlan({
      ...{ id: '8101', organizationId: '2', kind: 'delete', update: {}, source: { kind: 'ids' } },
      ...{ projects: null, note: null, createdBy: null, createdAt: new Date().toISOString() },
    }),
    [],
    {},
  );
  await world.stores.webhookEndpoints.insert(
    webhookEndpoint({ id: '701', organizationId: '2', url: 'https://hooks.globex.example/' }),
    null,
  );
  await world.stores.webhookDeliveries.insert(
    '701',
    newDelivery({ id: DELIVERY, eventId: 'told', type: 'issue.assigned', body: '{}' }, NOW),
    { wasChanged: false },
  );
  before = await globexRows();
  enterFunctionEnvironment(world);
  secrets = await emptySecretStore();
  const { port } = secrets.address() as AddressInfo;
  Object.assign(process.env, {
    [ENV.rateLimits]: 'off',
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
  });
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    const module = await import(`../../../functions/${name}/handler.ts`);
    handlers.set(name, module.handler as ApiHandler);
  }
});
afterAll(() => void secrets.close());

async function beginOperation(organizationId: string, id: string): Promise<void> {
  const createdAt = new Date().toISOString();
  const about = { kind: 'orphans', dryRun: true, projectId: null, createdBy: null } as const;
  const operation = queuedOperation({ ...about, id, organizationId, createdAt });
  const deps = { clock: () => createdAt, newEventId: () => 'begins' };
  const event = workRequested(deps, operation, { actingUserId: null, requestId: 'r' });
  expect(await world.stores.operations.accept(operation, event)).toEqual({ committed: true });
}

/** A parameter store that holds nothing. */
async function emptySecretStore(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: 'ParameterNotFound' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

type Route = (typeof ROUTES)[number];

/** One reference of a route: what it names, and the request that names it. */
type Case = {
  readonly operation: Operation;
  readonly where: string;
  readonly pair: Pair;
  readonly ask: (named: string) => Promise<unknown>;
};

const parametersOf = ({ path }: Route) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

const pathOf = (route: Route, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    parametersOf(route).map((name) => [name, given[name] ?? parameters[name]?.own ?? '']),
  );

const pairsOf = (to: readonly Thing[]): readonly Pair[] => to.flatMap((thing) => things[thing]);

function casesOf(route: Route): Case[] {
  const { operation } = route;
  const { body, references: told } = references[operation];
  const inPath = parametersOf(route).flatMap((name) =>
    pairsOf([parameters[name]?.thing ?? 'provider']).map((pair) => ({
      operation,
      where: `{${name}} = ${pair.foreign}`,
      pair,
      ask: (named: string) => ask(route, { path: { [name]: named }, body }),
    })),
  );
  const beside = told.flatMap(({ name, to, say }) =>
    pairsOf(to).map((pair) => ({
      operation,
      where: `${name}: ${JSON.stringify(say(pair.foreign))}`,
      pair,
      ask: (named: string) => ask(route, { body, ...say(named), path: {} }),
    })),
  );
  return [...inPath, ...beside];
}

async function ask(
  route: Route,
  said: {
    readonly path: Readonly<Record<string, string>>;
    readonly query?: GatewayRequest['query'];
    readonly body?: unknown;
  },
) {
  const handler = handlers.get(route.function);
  if (handler === undefined) {
    throw new Error(`Nothing answers ${route.operation}.`);
  }
  const { statusCode, headers, body } = await send(handler, {
    method: route.method,
    resource: route.path.replace(/\/$/, ''),
    path: pathOf(route, said.path),
    ...(said.query === undefined ? {} : { query: said.query }),
    ...(said.body === undefined ? {} : { body: JSON.stringify(said.body) }),
  });
  return { statusCode, headers, body };
}

/**
 * An answer without what the request said itself, and without new ids, the time, and the colors and
 * tags that follow from a name.
 */
function comparable(answer: unknown, { foreign, nobodys }: Pair): string {
  const said = [foreign, nobodys]
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  return JSON.stringify(answer, null, 1)
    .replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '(time)')
    .replace(/#[0-9a-f]{6}/g, '(color)')
    .replace(/(?<="ETag": ").*(?=")/g, '(tag)')
    .replace(new RegExp(`(?<![a-z0-9])(?:${said})(?![a-z0-9])`, 'gi'), '(named)')
    .replace(/\b\d{10,}\b/g, '(id)')
    .replace(/\b[0-9a-f]{32}\b/g, '(key)');
}

/** Every row of globex and of its people. */
async function globexRows(): Promise<Item[]> {
  const partitions = new Set(['O#2', 'P#39', 'T#29', 'G#901', 'I#502', 'U#14', 'W#701']);
  const { Items = [] } = await world.client.send(new ScanCommand({ TableName: world.table }));
  return (Items as Item[])
    .filter(({ pk, organizationId }) => partitions.has(pk) || organizationId === '2')
    .sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

describe('a thing of another organization', () => {
  it.each(ROUTES.map((route) => [route.operation, route] as const))(
    'is nobody’s to %s',
    async (_, route) => {
      for (const name of parametersOf(route)) {
        expect(parameters, `what {${name}} names`).toHaveProperty(name);
      }
      for (const { where, pair, ask: askFor } of casesOf(route)) {
        const foreign = await askFor(pair.foreign);
        const nobodys = await askFor(pair.nobodys);
        expect(comparable(foreign, pair), where).toEqual(comparable(nobodys, pair));
      }
    },
  );

  it('is as it was after all of that', async () => {
    expect(await globexRows()).toEqual(before);
  });

  it('is looked for in every route that names something', () => {
    const cases = ROUTES.flatMap(casesOf);
    const silent = ROUTES.filter(
      ({ operation }) => !cases.some((one) => one.operation === operation),
    );
    expect(silent.map(({ operation }) => operation)).toEqual([
      'getIndex',
      'getAuth',
      'listRegions',
    ]);
    expect(cases.length).toBeGreaterThan(250);
  });
});
