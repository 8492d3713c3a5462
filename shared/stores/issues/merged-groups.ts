import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { doesNotExist, leadsToGroup } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { groupId, organizationId } from '../row-fields.ts';
import { read, rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { commitUnrefused } from './commit-unrefused.ts';

/**
 * What is left of groups that were merged into another one. Each is two rows that are written
 * together: one in its own partition that says where it went, and one in that of the group that
 * took it in, by which it is found when that one is merged or deleted. Its short id leads to its id
 * as before.
 */

/** Where a group went. */
export type MergedInto = { readonly groupId: GroupId; readonly organizationId: OrganizationId };

/** A group that another one took in, as the other's partition names it. */
export type MergedGroup = {
  readonly childId: GroupId;
  readonly organizationId: OrganizationId;
  readonly shortId: string;
};

/** The attributes of a row of the partition that a removal reads of it. */
export const MERGED_GROUP_ATTRIBUTES = 'childId, organizationId, shortId';

/** What is recorded of a group that another one has taken in, as part of a transaction. */
export function recordMerged(child: Group, primaryId: GroupId): Write<'merged'>[] {
  const { id: childId, organizationId, shortId } = child;
  return [
    {
      name: 'merged',
      put: {
        Item: {
          ...groupKeys.mergedInto(childId),
          entity: 'mergedInto',
          childId,
          groupId: primaryId,
          organizationId,
        },
      },
    },
    {
      name: 'merged',
      put: {
        Item: {
          ...groupKeys.mergedGroup(primaryId, childId),
          entity: 'mergedGroup',
          groupId: primaryId,
          childId,
          organizationId,
          shortId,
        },
        ...doesNotExist,
      },
    },
  ];
}

/** A group that `from` took in is now one that `to` has: what is left of it leads there. */
export function leadMerged<Name extends string>(
  name: Name,
  item: Item,
  from: GroupId,
  to: GroupId,
): Write<Name> {
  return {
    name,
    update: updateRow(
      groupKeys.mergedInto(read(item, 'childId', groupId)),
      { set: { groupId: to } },
      leadsToGroup(from),
    ),
  };
}

/** The groups that a page of a partition says it took in. */
export function mergedGroupsOf(items: readonly Item[]): MergedGroup[] {
  return items.filter(({ sk }) => sk.startsWith(groupKeys.mergedGroupPrefix)).map(mergedFromItem);
}

/**
 * Removes what is left of groups whose primary is being removed: where they went, and their short
 * ids. Answers how many rows that were. The primary's own rows of them are to go afterwards.
 */
export function createForgetMerged(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);
  return async (merged: readonly MergedGroup[]): Promise<number> => {
    let removed = 0;
    for (let start = 0; start < merged.length; start += TRANSACTION_LIMIT) {
      const page = merged.slice(start, start + TRANSACTION_LIMIT);
      const shortIds = await commitUnrefused(
        { table, transact },
        page.map(({ childId, organizationId, shortId }) =>
          deleteShortId({ id: childId, organizationId, shortId }),
        ),
      );
      await batchDelete(page.map(({ childId }) => groupKeys.mergedInto(childId)));
      removed += shortIds.length + page.length;
    }
    return removed;
  };
}

/** A short id that is another group's by now stays. */
export function deleteShortId(
  { id, organizationId, shortId }: Pick<Group, 'id' | 'organizationId' | 'shortId'>,
  condition = leadsToGroup(id),
): Write<`short id ${string}`> {
  return {
    name: `short id ${shortId}`,
    delete: { Key: groupKeys.shortId(organizationId, shortId), ...condition },
  };
}

/** Where groups went, by their ids, as their rows say it: those left of them, or their own. */
export function mergedIntoOf(items: readonly Item[]): Map<GroupId, MergedInto> {
  const into = items.flatMap((item) => {
    if (item.entity === 'mergedInto') {
      return [intoFromItem(item)];
    }
    return item.mergingInto === undefined ? [] : [mergingFromItem(item)];
  });
  return new Map(into.map(({ childId, ...where }) => [childId, where]));
}

type Merging = MergedInto & { readonly childId: GroupId };

const intoFromItem = rowReader<Merging>({ childId: groupId, groupId, organizationId });

function mergingFromItem(item: Item): Merging {
  return {
    childId: read(item, 'id', groupId),
    groupId: read(item, 'mergingInto', groupId),
    organizationId: read(item, 'organizationId', organizationId),
  };
}

const mergedFromItem = rowReader<MergedGroup>({ childId: groupId, organizationId, shortId: text });
