import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../shared/stores/document-client.ts';
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

/**
 * Stores one secret under the name of its parameter, `/baton/{stage}/{secretRef}`; the value is
 * JSON.
 */
type PutSecret = (name: string, value: string) => Promise<void>;

/** The target of a world. */
export type WorldTarget = {
  /** The physical name of the table. */
  readonly table: string;
  /**
   * The client to write with. Without one, `endpoint` is a local engine that accepts any
   * credentials.
   */
  readonly client?: DynamoDBDocumentClient;
  readonly endpoint?: string;
  /** The stage of the secrets; `local` by default. */
  readonly stage?: string;
  readonly putSecret: PutSecret;
  /** Receives a line for the person who loads the world. */
  readonly log: (line: string) => void;
  /** Called with how many rows have been written so far. */
  readonly onRows?: (rows: number) => void;
  /** Whether a running stack uses the table, and needs events about changed names. */
  readonly isRunning?: boolean;
  /** The time for entries without one, ISO 8601 in UTC; now by default. */
  readonly now?: string;
};

/** With what people begin in a world. */
export type WorldSession = {
  readonly organizations: readonly { readonly slug: string; readonly name: string }[];
  /** Each token with the name of the user who holds it; null for a token of no user. */
  readonly tokens: readonly { readonly token: string; readonly holder: string | null }[];
};

export type LoadedWorld = {
  /** The world's first token. */
  readonly token?: string;
  /** With what people begin in it. */
  readonly session: WorldSession;
  /**
   * How many entries of each noun, and secrets, were written; nouns without entries are left out.
   */
  readonly written: Readonly<Partial<Record<keyof World, number>>>;
};

/**
 * Writes the world in a file into a table, with the ids in the file; rows with the same ids are
 * replaced. Nouns of features that do not exist yet are checked and skipped, with a line in the
 * log.
 */
export async function loadWorld({
  file,
  ...target
}: WorldTarget & { readonly file: string }): Promise<LoadedWorld> {
  return writeWorld(await readWorld(file), target);
}

/** Writes a checked world, like `loadWorld`. */
export async function writeWorld(world: World, target: WorldTarget): Promise<LoadedWorld> {
  const stage = target.stage ?? 'local';
  // Secrets come first, so that rows never refer to a missing one.
  for (const [reference, secret] of Object.entries(world.secrets)) {
    await target.putSecret(`/baton/${stage}/${reference}`, JSON.stringify(secret));
  }

  const now = target.now ?? new Date().toISOString();
  await withClient(target, async (client) => {
    const isRunning = target.isRunning ?? false;
    const look = indexWorld(world);
    const table = createTable({ client, name: target.table });
    const memberships = await readWorldMemberships(world, look, { table, now });
    const context = { look, memberships, shortIds: numberGroups(world), now, isRunning };
    let rows = 0;
    const onWritten = (count: number) => {
      rows += count;
      target.onRows?.(rows);
    };
    const writeAll = (items: Iterable<Item>) =>
      writeItems(items, { client, table: target.table, onWritten });
    const write = (nouns: readonly Noun[]) => writeAll(itemsOf(nouns, world, context));
    await write(nounsOf(world).filter((noun) => noun !== 'tokens'));
    // Whoever gets a token is a member from then on: only now it is there what they become a member
    // of.
    await memberships.admitHolders();
    await write(nounsOf(world).filter((noun) => noun === 'tokens'));
    if (isRunning) {
      await writeAll(namesChangedRows(world, look, now));
    }
  });

  const skipped = nounsOf(world).filter((noun) => rowsOf[noun] === null);
  if (skipped.length > 0) {
    target.log(`Skipped, since Baton cannot use them yet: ${skipped.join(', ')}.`);
  }
  const token = world.tokens[0]?.token;
  const session = sessionOf(world);
  return { ...(token === undefined ? {} : { token }), session, written: countsOf(world) };
}

function sessionOf({ organizations, tokens, users }: World): WorldSession {
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return {
    organizations: organizations.map(({ slug, name }) => ({ slug, name })),
    tokens: tokens.map(({ token, user }) => ({
      token,
      holder: (user === undefined ? undefined : names.get(user)) ?? null,
    })),
  };
}

/** The items of some nouns of a world, one entry at a time. */
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

/** Uses the given client, or one of its own that it closes afterwards. */
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
    await use(documentClient(own));
  } finally {
    own.destroy();
  }
}
