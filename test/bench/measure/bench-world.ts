import { createTable as createEngineTable } from '../../../infra/local/driver/engines/create-table.ts';
import { writeWorld } from '../../../infra/world/load.ts';
import { parseWorld } from '../../../infra/world/read.ts';
import type { WorldInput } from '../../../infra/world/schema.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { NOW } from '../../support/builders.ts';
import { TABLE_PROPERTIES } from '../../support/table.ts';
import { smallWorld } from '../../support/world.ts';
import { countingClient } from './counting-client.ts';

/** The engines of one run of the bench. */
export type Engines = {
  readonly endpoint: string;
  readonly cache: { readonly host: string; readonly port: number };
};

let tables = 0;

type Size = {
  readonly groups: number;
  /** Who holds all of them; nobody where absent. */
  readonly assignedTo?: string;
  /** Further projects of acme, with a group each. */
  readonly projects?: number;
  /** The ownership rules of the project shop. */
  readonly rules?: string;
  /** Whole nouns in place of those of the bench. */
  readonly nouns?: Partial<WorldInput>;
};

/**
 * The small world with so many groups in the project shop, numbered from 100000, on a table of its
 * own.
 */
export async function benchWorld(
  engines: Engines,
  { groups, assignedTo, projects = 0, rules, nouns = {} }: Size,
) {
  const counter = countingClient(engines.endpoint);
  const { name } = await createEngineTable({
    endpoint: engines.endpoint,
    name: `baton-bench-${++tables}`,
    properties: TABLE_PROPERTIES,
  });
  const groupIds = Array.from({ length: groups }, (_, index) => String(100_000 + index));
  const further = Array.from({ length: projects }, (_, index) => ({
    id: String(200_000 + index),
    organization: 'acme',
    slug: `further-${index}`,
    name: `Further ${index}`,
    teams: ['core'],
  }));
  const title = 'TypeError: unsupported operand in step';
  const world = parseWorld(
    {
      ...smallWorld,
      projects: [...smallWorld.projects, ...further],
      groups: [
        ...groupIds.map((id, index) => ({
          id,
          project: '31',
          shortId: `SHOP-${index + 1}`,
          title: `${title} ${index}`,
          culprit: 'app.views.checkout',
        })),
        ...further.map(({ id }, index) => ({
          id: String(300_000 + index),
          project: id,
          shortId: `FURTHER-${index}-1`,
          title: `${title} ${index}`,
        })),
      ],
      ...(rules === undefined ? {} : { ownership: [{ project: '31', raw: rules }] }),
      ...(assignedTo === undefined
        ? {}
        : { assignments: groupIds.map((id) => ({ group: id, assignedTo })) }),
      ...nouns,
    },
    'bench',
  );
  await writeWorld(world, {
    client: counter.client,
    table: name,
    now: NOW,
    log: () => {},
    putSecret: async () => {},
  });
  counter.take();
  const stores = wireStores(createTable({ client: counter.client, name }));
  return { stores, counter, client: counter.client, table: name, groupIds };
}
