import type { OrganizationId } from '../../domain/ids.ts';
import { operationKeys } from '../keys/operation-keys.ts';
import type { Item, Table } from '../table.ts';

/** The page of a list of plans; `from` is where the one before it ended. */
export type PlanListPart = {
  readonly from?: string;
  readonly backwards?: boolean;
  readonly limit: number;
};

/** Reads of a list whose rows may all be of plans whose time has run out. */
const MOST_READS = 10;

/**
 * The rows in the list of an organization's plans that are still there, at most `limit`, and where
 * the list goes on; null at its end. One round trip, and one for each page of others.
 */
export async function rowsInList(
  table: Table,
  of: OrganizationId,
  { from, backwards = false, limit }: PlanListPart,
  isThere: (item: Item) => boolean,
): Promise<{ readonly rows: readonly Item[]; readonly end: string | null }> {
  const found: Item[] = [];
  let at: string | null = from ?? null;
  for (let reads = 0; reads < MOST_READS; reads++) {
    const page = await table.queryPage({
      ...behind(of, at, backwards),
      ScanIndexForward: backwards,
      Limit: limit + 1,
      ConsistentRead: true,
    });
    found.push(...page.items.filter(isThere));
    at = page.next === undefined ? null : String(page.next.sk);
    if (at === null || found.length > limit) {
      break;
    }
  }
  const rows = found.slice(0, limit);
  const isFull = found.length > limit;
  return { rows, end: isFull ? (rows.at(-1)?.sk ?? null) : at };
}

function behind(of: OrganizationId, at: string | null, backwards: boolean) {
  const pk = operationKeys.planList(of);
  return at === null
    ? { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }
    : {
        KeyConditionExpression: `pk = :pk AND sk ${backwards ? '>' : '<'} :from`,
        ExpressionAttributeValues: { ':pk': pk, ':from': at },
      };
}
