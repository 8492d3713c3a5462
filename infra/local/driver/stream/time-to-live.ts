import { callAws } from '../services/aws-json.ts';

const SWEEP_INTERVAL_MS = 60_000;
const PAGE_ITEMS = 500;
/**
 * The pages of one sweep. The next one continues after them, so that a large table does not cost
 * more each minute.
 */
const PAGES_PER_SWEEP = 20;

type Item = Record<string, Record<string, string>>;
type Page = { Items?: Item[]; LastEvaluatedKey?: Item };

type TimeToLiveOptions = {
  endpoint: string;
  tableName: string;
  /** The attribute with the time, in seconds since 1970, after which an item is deleted. */
  attribute: string;
  keyAttributes: readonly string[];
  warn: (line: string) => void;
};

/** Deletes expired items, which the embedded engine does not. */
export function createTimeToLiveSweep(options: TimeToLiveOptions) {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let cursor: Item | undefined;

  const sweep = async () => {
    for (let page = 0; page < PAGES_PER_SWEEP; page += 1) {
      cursor = await sweepPage(options, cursor);
      if (!cursor) {
        return;
      }
    }
  };

  return {
    start(): void {
      timer = setInterval(() => {
        sweeping ??= sweep()
          .catch((error: Error) =>
            options.warn(
              `expired items were not deleted, the next sweep tries again: ${error.message}`,
            ),
          )
          .finally(() => {
            sweeping = undefined;
          });
      }, SWEEP_INTERVAL_MS);
    },
    /** Sweeps the next items now. */
    sweep,
    async stop(): Promise<void> {
      clearInterval(timer);
      await sweeping;
    },
  };
}

/** Deletes the expired items of a page, and returns the start of the next one. */
async function sweepPage(
  { endpoint, tableName, attribute, keyAttributes }: TimeToLiveOptions,
  cursor: Item | undefined,
): Promise<Item | undefined> {
  const now = { N: String(Math.floor(Date.now() / 1_000)) };
  const page = await callAws<Page>(endpoint, 'DynamoDB_20120810.Scan', {
    TableName: tableName,
    Limit: PAGE_ITEMS,
    FilterExpression: '#ttl < :now',
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': now },
    ...(cursor && { ExclusiveStartKey: cursor }),
  });
  for (const item of page.Items ?? []) {
    await callAws(endpoint, 'DynamoDB_20120810.DeleteItem', {
      TableName: tableName,
      Key: Object.fromEntries(keyAttributes.map((name) => [name, item[name]])),
      // Not if the item was renewed after it was read.
      ConditionExpression: '#ttl < :now',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':now': now },
    }).catch((error: { code?: string }) => {
      if (error.code !== 'ConditionalCheckFailedException') {
        throw error;
      }
    });
  }
  return page.LastEvaluatedKey;
}
