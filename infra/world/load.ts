import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable, type Item } from '../../shared/stores/table.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/driver/services/aws-json.ts';
import { readWorldMemberships } from './memberships.ts';
import { namesChangedRows } from './ownership-rows.ts';
import { readWorld } from './read.ts';
import { type RowContext, type RowsOf, rowsOf } from './rows.ts';
import type { Entry, Noun, World } from './schema.ts';
import { numberGroups } from './short-ids.ts';
import { indexWorld } from './world-index.ts';
import { writeItems } from './write.ts';

/** Keeps one secret under its parameter's name, `/baton/{stage}/{secretRef}`; the value is JSON. */
export type PutSecret = (name: string, value: string) => Promise<void>;

/** Where a world goes. */
export type WorldTarget = {
  /** Physical name of the table. */
  readonly table: string;
  /**
   * The client to write with; without one, `endpoint` is an engine on this machine, which takes any
   * credentials.
   */
  readonly client?: DynamoDBDocumentClient;
  readonly endpoint?: string;
  /** The stage whose secrets these become; `local` unless given. */
  readonly stage?: string;
  readonly putSecret: PutSecret;
  /** Takes a line for whoever looks on. */
  readonly log: (line: string) => void;
  /**
   * Whether something runs on the table that has to hear that names may stand for others than
   * before.
   */
  readonly isRunning?: boolean;
  /** The time of what the world does not date, ISO 8601 in UTC; now unless given. */
  readonly now?: string;
};

export type LoadedWorld = {
  /** The world's first token. */
  readonly token?: string;
  /**
   * How many entries of each noun, and secrets, were written; nouns without entries are left out.
   */
  readonly written: Readonly<Partial<Record<keyof World, number>>>;
};

/**
 * Writes the world in a file into a table: everything under the ids that it has there, over
 * whatever the table holds under the same ids. Nouns whose feature does not exist yet are checked
 * and skipped, with one line that says so.
 *
 * @throws Error with one line for each thing that is wrong with the file; nothing is written then.
 */
export async function loadWorld({
  file,
  ...target
}: WorldTarget & { readonly file: string }): Promise<LoadedWorld> {
  return writeWorld(await readWorld(file), target);
}

/** Writes a world that was checked, as `loadWorld` does. */
export async function writeWorld(world: World, target: WorldTarget): Promise<LoadedWorld> {
  const stage = target.stage ?? 'local';
  // First the secrets: a row that refers to one finds it from the start.
  for (const [reference, secret] of Object.entries(world.secrets)) {
    await target.putSecret(`/baton/${stage}/${reference}`, JSON.stringify(secret));
  }

  const now = target.now ?? new Date().toISOString();
  await withClient(target, async (client) => {
    const look = indexWorld(world);
    const table = createTable({ client, name: target.table });
    const memberships = await readWorldMemberships(world, look, { table, now });
    const context = { look, memberships, shortIds: numberGroups(world), now };
    const write = (nouns: readonly Noun[]) =>
      writeItems(itemsOf(nouns, world, context), { client, table: target.table });
    await write(nounsOf(world).filter((noun) => noun !== 'tokens'));
    // Whoever gets a token is a member from then on: only now it is there what they become a member
    // of.
    await memberships.admitHolders();
    await write(nounsOf(world).filter((noun) => noun === 'tokens'));
    if (target.isRunning ?? false) {
      await writeItems(namesChangedRows(world, look, now), { client, table: target.table });
    }
  });

  const skipped = nounsOf(world).filter((noun) => rowsOf[noun] === null);
  if (skipped.length > 0) {
    target.log(`Skipped, since Baton cannot use them yet: ${skipped.join(', ')}.`);
  }
  const token = world.tokens[0]?.token;
  return { ...(token === undefined ? {} : { token }), written: countsOf(world) };
}

/** Every item of some nouns of a world, made one entry at a time. */
function* itemsOf(nouns: readonly Noun[], world: World, context: RowContext): Generator<Item> {
  for (const noun of nouns) {
    yield* itemsOfNoun(noun, world, context);
  }
}

function* itemsOfNoun<N extends Noun>(noun: N, world: World, context: RowContext) {
  const rows: RowsOf<N> | null = rowsOf[noun];
  if (rows === null) {
    return;
  }
  for (const [position, entry] of (world[noun] as readonly Entry<N>[]).entries()) {
    yield* rows(entry, context, position);
  }
}

/** The nouns that have entries. */
function nounsOf(world: World): Noun[] {
  return (Object.keys(rowsOf) as Noun[]).filter((noun) => world[noun].length > 0);
}

function countsOf(world: World): LoadedWorld['written'] {
  const written: [keyof World, number][] = nounsOf(world)
    .filter((noun) => rowsOf[noun] !== null)
    .map((noun) => [noun, world[noun].length]);
  const secrets = Object.keys(world.secrets).length;
  return Object.fromEntries(secrets === 0 ? written : [...written, ['secrets', secrets]]);
}

/** Uses the client that was given, or one of its own that ends with the use. */
async function withClient(
  { client, endpoint }: WorldTarget,
  use: (client: DynamoDBDocumentClient) => Promise<unknown>,
): Promise<void> {
  if (client !== undefined) {
    await use(client);
    return;
  }
  if (endpoint === undefined) {
    throw new Error('A world needs a client or an endpoint to go to.');
  }
  const own = new DynamoDBClient({
    endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
  });
  try {
    await use(
      DynamoDBDocumentClient.from(own, { marshallOptions: { removeUndefinedValues: true } }),
    );
  } finally {
    own.destroy();
  }
}
