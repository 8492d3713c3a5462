import type { GroupId } from '../../domain/ids.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Key } from '../keys.ts';
import type { Table } from '../table.ts';
import type { Transact } from '../transaction.ts';
import {
  createForgetMerged,
  MERGED_GROUP_ATTRIBUTES,
  type MergedGroup,
  mergedGroupsOf,
} from './merged-groups.ts';

/** How many rows were removed, and whether those were all. */
export type Emptied = { readonly removed: number; readonly isComplete: boolean };

/** Rows of a group that one Query reads. */
const KEYS_PER_QUERY = 200;
/** Queries at the same time. */
const QUERIES_IN_FLIGHT = 12;

/**
 * Deletes the rows of groups but for their own, and what is left of groups that were merged into
 * them, as long as `hasTime` says so. Nobody writes to the groups by then but who has read an
 * assignment and holds at its row: that one goes first, and the rest is read after it. Memory holds
 * the keys of at most 200 rows a group.
 */
export function createEmptyGroups(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);
  const forgetMerged = createForgetMerged(table, transact);

  /** Deletes a page of the rows of each group; answers how many, and what is left to be read. */
  async function emptyPages(open: readonly OpenGroup[]) {
    const pages = await mapConcurrently(QUERIES_IN_FLIGHT, open, (one) => readPage(table, one));
    // What is left of groups that were merged into these is found by their rows of them.
    const forgotten = await Promise.all(pages.map(({ merged }) => forgetMerged(merged)));
    const keys = pages.flatMap((page) => page.keys);
    await batchDelete(keys);
    return {
      removed: keys.length + forgotten.reduce((sum, rows) => sum + rows, 0),
      open: pages.flatMap(({ left }) => left ?? []),
    };
  }

  return async (groupIds: readonly GroupId[], hasTime: () => boolean): Promise<Emptied> => {
    let removed = 0;
    let open: readonly OpenGroup[] = groupIds.map((groupId) => ({ groupId }));
    while (open.length > 0) {
      const page = await emptyPages(open);
      removed += page.removed;
      open = page.open;
      if (open.length > 0 && !hasTime()) {
        return { removed, isComplete: false };
      }
    }
    return { removed, isComplete: true };
  };
}

/** A group whose rows are read from here on. */
type OpenGroup = { readonly groupId: GroupId; readonly after?: Record<string, unknown> };

/** Rows of a group that may be deleted, the groups merged into it, and what is to be read yet. */
type PageOfGroup = {
  readonly keys: readonly Key[];
  readonly merged: readonly MergedGroup[];
  readonly left: OpenGroup | undefined;
};

/**
 * A page of a group's partition; only its assignment where it has one. Without its own row, and
 * without where it went: another worker may have merged it away, and that goes with the other
 * group.
 */
async function readPage(table: Table, { groupId, after }: OpenGroup): Promise<PageOfGroup> {
  const group = groupKeys.group(groupId);
  const page = await table.queryPage({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': group.pk },
    ProjectionExpression: `pk, sk, ${MERGED_GROUP_ATTRIBUTES}`,
    ConsistentRead: true,
    Limit: KEYS_PER_QUERY,
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
  });
  const stays = [group.sk, groupKeys.mergedInto(groupId).sk];
  const rows = page.items.filter(({ sk }) => !stays.includes(sk));
  const assignment = rows.find(({ sk }) => sk === groupKeys.assignment(groupId).sk);
  if (assignment !== undefined) {
    return { keys: [assignment], merged: [], left: { groupId } };
  }
  const left = page.next === undefined ? undefined : { groupId, after: page.next };
  return { keys: rows, merged: mergedGroupsOf(rows), left };
}
