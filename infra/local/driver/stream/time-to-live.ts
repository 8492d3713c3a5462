import { callAws } from '../services/aws-json.ts';

const SWEEP_INTERVAL_MS = 60_000;
const PAGE_ITEMS = 500;
/**
 * What one sweep looks at; the next goes on from there, so that a large table does not cost more
 * each minute.
 */
const PAGES_PER_SWEEP = 20;

type Item = Record<string, Record<string, string>>;
type Page = { Items?: Item[]; LastEvaluatedKey?: Item };

type TimeToLiveOptions = {
  endpoint: string;
  tableName: string;
  /** The attribute that holds the time, in seconds since 1970, after which an item may go. */
  attribute: string;
  keyAttributes: readonly string[];
  warn: (line: string) => void;
};

/** Deletes the items whose time is over, which the embedded engine stores but does not do. */
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
          .catch((error: Error) => options.warn(`expired items stay for now: ${error.message}`))
          .finally(() => {
            sweeping = undefined;
          });
      }, SWEEP_INTERVAL_MS);
    },
    /** Looks at the next items now. */
    sweep,
    async stop(): Promise<void> {
      clearInterval(timer);
      await sweeping;
    },
  };
}

/** Deletes what is over on one page, and gives where the next begins. */
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
      // Somebody may have renewed it in between.
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
