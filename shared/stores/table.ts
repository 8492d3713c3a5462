import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { type BackOff, orThrottled, untilProcessed, waitForCapacity } from './throttling.ts';

/** One item as the table holds it. */
export type Item = Readonly<Record<string, unknown>> & Key;

/** What a Query asks, without the table's name. */
export type QueryInput = Omit<QueryCommandInput, 'TableName'>;

export type QueryPage = {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined after the last one. */
  readonly next: Record<string, unknown> | undefined;
};

const BATCH_GET_LIMIT = 100;

/**
 * Whether a read sees every write before it, or costs half and may miss those of the last second:
 * enough for lists, which lag behind their issues as it is.
 */
export type Consistency = 'consistent' | 'eventual';

/** Reads of the table. Writes are described by the stores and committed by `transaction.ts`. */
export type Table = ReturnType<typeof createTable>;

export function createTable({
  client,
  name,
  backOff = waitForCapacity,
}: {
  client: DynamoDBDocumentClient;
  name: string;
  /** Waits before a throttled call is tried again. */
  backOff?: BackOff;
}) {
  async function queryPage(input: QueryInput): Promise<QueryPage> {
    const output = await orThrottled(client.send(new QueryCommand({ TableName: name, ...input })));
    return { items: (output.Items ?? []).map(toItem), next: output.LastEvaluatedKey };
  }

  async function* queryPages(input: QueryInput): AsyncGenerator<readonly Item[]> {
    let start = input.ExclusiveStartKey;
    do {
      const page = await queryPage({ ...input, ExclusiveStartKey: start });
      yield page.items;
      start = page.next;
    } while (start !== undefined);
  }

  async function batchGetOnce(keys: readonly Key[], ConsistentRead: boolean): Promise<Item[]> {
    const found: Item[] = [];
    const send = async (wanted: readonly Record<string, unknown>[]) => {
      const RequestItems = { [name]: { Keys: [...wanted], ConsistentRead } };
      const output = await orThrottled(client.send(new BatchGetCommand({ RequestItems })));
      found.push(...(output.Responses?.[name] ?? []).map(toItem));
      return output.UnprocessedKeys?.[name]?.Keys ?? [];
    };
    await untilProcessed(keys, send, backOff);
    return found;
  }

  return {
    client,
    name,
    backOff,

    /** One item, consistently unless `read` says otherwise; undefined where there is none. */
    async get(key: Key, read: Consistency = 'consistent'): Promise<Item | undefined> {
      const ConsistentRead = read === 'consistent';
      const output = await orThrottled(
        client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead })),
      );
      return output.Item && toItem(output.Item);
    },

    /**
     * The items that exist of these keys, in no order, consistently unless `read` says otherwise;
     * 100 keys a round trip, the round trips at once.
     */
    async batchGet(keys: readonly Key[], read: Consistency = 'consistent'): Promise<Item[]> {
      const distinct = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()];
      const chunks: Key[][] = [];
      for (let start = 0; start < distinct.length; start += BATCH_GET_LIMIT) {
        chunks.push(distinct.slice(start, start + BATCH_GET_LIMIT));
      }
      const found = chunks.map((chunk) => batchGetOnce(chunk, read === 'consistent'));
      return (await Promise.all(found)).flat();
    },

    queryPage,
    queryPages,

    /**
     * How many items a Query has, as far as so many round trips count, 1 MB of items each, or until
     * there are `enough`.
     */
    async count(
      input: QueryInput,
      maxRoundTrips: number,
      enough = Number.POSITIVE_INFINITY,
    ): Promise<number> {
      let total = 0;
      let start = input.ExclusiveStartKey;
      for (let roundTrip = 0; roundTrip < maxRoundTrips && total < enough; roundTrip++) {
        const query = { TableName: name, ...input, ExclusiveStartKey: start };
        const output = await orThrottled(
          client.send(new QueryCommand({ ...query, Select: 'COUNT' })),
        );
        total += output.Count ?? 0;
        start = output.LastEvaluatedKey;
        if (start === undefined) {
          break;
        }
      }
      return total;
    },

    /** All items of a Query, for partitions and prefixes that are small by nature. */
    async queryAll(input: QueryInput): Promise<Item[]> {
      const items: Item[] = [];
      for await (const page of queryPages(input)) {
        items.push(...page);
      }
      return items;
    },
  };
}

/**
 * The same table as it was a moment ago, at half the price: what was written since may be missing.
 */
export function eventually(table: Table): Table {
  const lately = (input: QueryInput): QueryInput => ({ ...input, ConsistentRead: false });
  return {
    ...table,
    get: (key) => table.get(key, 'eventual'),
    batchGet: (keys) => table.batchGet(keys, 'eventual'),
    queryPage: (input) => table.queryPage(lately(input)),
    queryPages: (input) => table.queryPages(lately(input)),
    queryAll: (input) => table.queryAll(lately(input)),
  };
}

/** Every item that is read has its key: projections have to name it too. */
function toItem(attributes: Readonly<Record<string, unknown>>): Item {
  if (!hasKey(attributes)) {
    const names = Object.keys(attributes).join(', ');
    throw new Error(`An item was read without its key, with ${names}: name pk and sk as well.`);
  }
  return attributes;
}

function hasKey(attributes: Readonly<Record<string, unknown>>): attributes is Item {
  return typeof attributes.pk === 'string' && typeof attributes.sk === 'string';
}

/** A Query of one partition by the beginning of its sort keys, consistently. */
export function byPrefix(pk: string, prefix: string): QueryInput {
  return {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    ConsistentRead: true,
  };
}
