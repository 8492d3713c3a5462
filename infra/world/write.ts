import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../shared/stores/table.ts';
import { waitForCapacity } from '../../shared/stores/throttling.ts';

/** The maximum of items in one BatchWriteItem. */
const BATCH_SIZE = 25;
const CONCURRENT_BATCHES = 8;
/** After this many rounds without progress, about ten seconds of waiting, the load fails. */
const ROUNDS_WITHOUT_PROGRESS = 24;

type Target = {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Called with the number of items of each batch that was written. */
  readonly onWritten?: (count: number) => void;
};

/**
 * Puts items into a table, with eight concurrent calls of 25 items. The next items are only taken
 * when a call is free, so memory does not grow with their number. Returns their number.
 */
export async function writeItems(items: Iterable<Item>, target: Target): Promise<number> {
  const batches = batchesOf(items);
  let written = 0;
  const worker = async () => {
    for (const batch of batches) {
      await putBatch(batch, target);
      written += batch.length;
      target.onWritten?.(batch.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_BATCHES }, worker));
  return written;
}

/** The batches, from one iterator that all workers share. */
function* batchesOf(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_SIZE) {
      continue;
    }
    yield batch;
    batch = [];
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** Items that the table had no capacity for are returned as unprocessed, and sent again. */
async function putBatch(batch: readonly Item[], { client, table }: Target): Promise<void> {
  let waiting: WriteRequests = batch.map((Item) => ({ PutRequest: { Item } }));
  for (let stuck = 0; waiting.length > 0; ) {
    const output = await client.send(new BatchWriteCommand({ RequestItems: { [table]: waiting } }));
    const left = output.UnprocessedItems?.[table] ?? [];
    stuck = left.length < waiting.length ? 0 : stuck + 1;
    if (stuck === ROUNDS_WITHOUT_PROGRESS) {
      throw new Error(`The table ${table} keeps refusing writes for lack of capacity.`);
    }
    if (left.length > 0) {
      await waitForCapacity(stuck + 1);
    }
    waiting = left;
  }
}

type WriteRequests = NonNullable<
  ConstructorParameters<typeof BatchWriteCommand>[0]['RequestItems']
>[string];
