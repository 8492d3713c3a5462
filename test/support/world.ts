import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type LoadedWorld, writeWorld } from '../../infra/world/load.ts';
import { parseWorld } from '../../infra/world/read.ts';
import type { World, WorldInput } from '../../infra/world/schema.ts';
import { writeItems } from '../../infra/world/write.ts';
import { documentClient } from '../../shared/stores/document-client.ts';
import { createTable, type Item } from '../../shared/stores/table.ts';
import { type Stores, wireStores } from '../../shared/wiring.ts';
import { NOW } from './builders.ts';
import { tableClient } from './client/strict-client.ts';
import { copyRows, freshTable } from './table.ts';

/**
 * Two organizations. In `acme` (closed membership): alice (11, owner, in core), bob (12, in core),
 * carol (13, in web) and erin (15, in no team); the team core (21) on the project shop (31: groups
 * 101 and 102), web (22) on site (32: group 201). In `globex` (open membership): dave (14, in ops
 * 29), the project plant (39: group 901). Nothing is assigned, subscribed or bookmarked.
 */
export const smallWorld = {
  organizations: [
    { id: '1', slug: 'acme', name: 'Acme', openMembership: false, features: [] },
    { id: '2', slug: 'globex', name: 'Globex', openMembership: true, features: [] },
  ],
  users: ['alice', 'bob', 'carol', 'dave', 'erin'].map((username, index) => ({
    id: String(11 + index),
    username,
    name: `${username.slice(0, 1).toUpperCase()}${username.slice(1)}`,
    emails: [{ email: `${username}@acme.io`, isPrimary: true, isVerified: true }],
  })),
  members: [
    { organization: 'acme', user: '11', role: 'owner' },
    { organization: 'acme', user: '12', role: 'member' },
    { organization: 'acme', user: '13', role: 'member' },
    { organization: 'acme', user: '15', role: 'member' },
    { organization: 'globex', user: '14', role: 'owner' },
  ],
  teams: [
    {
      id: '21',
      organization: 'acme',
      slug: 'core',
      name: 'Core',
      members: [
        { user: '11', isActive: true },
        { user: '12', isActive: true },
      ],
    },
    {
      id: '22',
      organization: 'acme',
      slug: 'web',
      name: 'Web',
      members: [{ user: '13', isActive: true }],
    },
    {
      id: '29',
      organization: 'globex',
      slug: 'ops',
      name: 'Ops',
      members: [{ user: '14', isActive: true }],
    },
  ],
  projects: [
    { id: '31', organization: 'acme', slug: 'shop', name: 'Shop', teams: ['core'] },
    { id: '32', organization: 'acme', slug: 'site', name: 'Site', teams: ['web'] },
    { id: '39', organization: 'globex', slug: 'plant', name: 'Plant', teams: ['ops'] },
  ],
  groups: [
    { id: '101', project: '31', shortId: 'SHOP-1', title: 'TypeError', timesSeen: 5 },
    { id: '102', project: '31', shortId: 'SHOP-2', title: 'KeyError', timesSeen: 9 },
    { id: '201', project: '32', shortId: 'SITE-1', title: 'ReferenceError', timesSeen: 2 },
    { id: '901', project: '39', shortId: 'PLANT-1', title: 'panic: nil map', timesSeen: 1 },
  ],
  tokens: [
    {
      token: 'token-of-alice',
      user: '11',
      organizations: ['acme'],
      scopes: ['org:admin', 'project:admin', 'team:admin', 'member:admin', 'event:admin'],
    },
  ],
} satisfies WorldInput;

/** A world that lies in a table of its own. */
export type TestWorld = {
  readonly stores: Stores;
  readonly world: World;
  /** The table's physical name, and the engine that it is on. */
  readonly table: string;
  readonly endpoint: string;
  readonly streamArn: string;
  readonly client: DynamoDBDocumentClient;
  readonly loaded: LoadedWorld;
  /** The secrets of the world as they were put, by parameter. */
  readonly secrets: ReadonlyMap<string, string>;
};

/**
 * Writes `smallWorld`, with whole nouns replaced by `overrides`, into a fresh table on the engine
 * of this run (or on `endpoint`), and wires the stores over it.
 */
export async function worldOnFreshTable(
  overrides: Partial<WorldInput> = {},
  { endpoint }: { readonly endpoint?: string } = {},
): Promise<TestWorld> {
  const fresh = await (endpoint === undefined ? freshTable() : freshTable(endpoint));
  const client = clientOf(fresh.endpoint);
  const world = parseWorld({ ...smallWorld, ...overrides });
  const secrets = new Map<string, string>();
  const loaded = await writeWorld(world, {
    client,
    table: fresh.name,
    now: NOW,
    log: () => {},
    putSecret: async (name, value) => void secrets.set(name, value),
  });
  return {
    stores: wireStores(createTable({ client, name: fresh.name })),
    world,
    table: fresh.name,
    endpoint: fresh.endpoint,
    streamArn: fresh.streamArn,
    client,
    loaded,
    secrets,
  };
}

/** Everything that a table holds. */
export async function scanAll({
  client,
  table,
}: Pick<TestWorld, 'client' | 'table'>): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** Makes copies of a world as it is now, each in a table of its own. */
export async function copiesOf(world: TestWorld): Promise<() => Promise<TestWorld>> {
  const items = await scanAll(world);
  const original = await freshTable(world.endpoint);
  await writeItems(items, { client: world.client, table: original.name });
  return async () => {
    const fresh = await freshTable(world.endpoint);
    const { name, streamArn } = fresh;
    if (!copyRows({ from: original, to: fresh })) {
      await writeItems(items, { client: world.client, table: name });
    }
    const stores = wireStores(createTable({ client: world.client, name }));
    return { ...world, stores, table: name, streamArn };
  };
}

/**
 * One client for each engine: a table of its own keeps tests apart, a client of its own would only
 * cost sockets.
 */
const clients = new Map<string, DynamoDBDocumentClient>();

function clientOf(endpoint: string): DynamoDBDocumentClient {
  const client = clients.get(endpoint) ?? documentClient(tableClient(endpoint));
  clients.set(endpoint, client);
  return client;
}
