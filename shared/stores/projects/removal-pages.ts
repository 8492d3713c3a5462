import type { GroupId, ProjectId } from '../../domain/ids.ts';
import type { StoredGroupStatus } from '../../domain/issues/group.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { exists } from '../conditions.ts';
import { commitUnrefused } from '../issues/commit-unrefused.ts';
import type { GroupToDelete } from '../issues/group-removal.ts';
import { deleteShortId } from '../issues/merged-groups.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { groupId, organizationId } from '../row-fields.ts';
import { list, number, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { tallyDeletion } from './deletions.ts';

/** Groups of a project whose removal one worker has begun, and any may end. */
export type RemovalPage = {
  readonly pageId: string;
  readonly groupIds: readonly GroupId[];
  /** Rows that go with the claim and with the groups' own rows. */
  readonly items: number;
};

/** The most groups that one transaction claims, beside the row that names them. */
const GROUPS_PER_PAGE = TRANSACTION_LIMIT - 1;

export type RemovalPageStore = ReturnType<typeof createRemovalPageStore>;

/**
 * Removes the groups of a project by pages. A page is claimed: a row of the project names its
 * groups, in the transaction that takes from each what only one worker can take. Then the groups'
 * own rows go, which no index or write finds any more, and what else they have; the page's row is
 * the last to go, with the count. Whoever dies in between leaves it for the next worker.
 */
export function createRemovalPageStore(table: Table, transact: Transact) {
  const engine = { table, transact };
  const batchDelete = createBatchDelete(table);

  /** The pages of a project that were claimed and not yet finished. One Query, as a rule. */
  async function claimed(projectId: ProjectId): Promise<RemovalPage[]> {
    const { partition, removalPagePrefix } = projectKeys;
    const items = await table.queryAll(byPrefix(partition(projectId), removalPagePrefix));
    return items.map(pageFromItem);
  }

  /** Claims the groups whose `write` is not refused. */
  async function claimBy(
    write: (group: GroupToDelete) => Write<string>,
    groups: readonly GroupToDelete[],
    page: { readonly projectId: ProjectId; readonly pageId: string; readonly rows: number },
  ): Promise<RemovalPage> {
    const byName = new Map(groups.map((group) => [write(group).name, group.id]));
    const pageOf = (writes: readonly Write<string>[]): RemovalPage => ({
      pageId: page.pageId,
      groupIds: writes.flatMap(({ name }) => byName.get(name) ?? []),
      items: writes.length * page.rows,
    });
    const remaining = await commitUnrefused(
      engine,
      groups.map((group) => write(group)),
      (writes) => [putPage(page.projectId, pageOf(writes))],
    );
    return pageOf(remaining);
  }

  return {
    /**
     * A page of a project's groups in one state, as its list shows them: groups that are gone may
     * still be in it.
     */
    async listed(input: {
      readonly projectId: ProjectId;
      readonly status: StoredGroupStatus;
      readonly after?: Record<string, unknown>;
    }): Promise<{ groups: GroupToDelete[]; next: Record<string, unknown> | undefined }> {
      const page = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: {
          ':pk': gsi3.groupsOfProject(input.projectId, input.status),
        },
        ProjectionExpression: 'pk, sk, id, organizationId, shortId',
        Limit: GROUPS_PER_PAGE,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      return { groups: page.items.map(listedFromItem), next: page.next };
    },

    claimed,

    /**
     * Claims those of up to a page of groups that are there and that nobody has claimed: by their
     * short ids, and those that have none any more, since they were deleted before, by their own
     * rows. One round trip, or three.
     */
    async claim(
      projectId: ProjectId,
      groups: readonly GroupToDelete[],
      newPageId: () => string,
    ): Promise<RemovalPage[]> {
      const byShortId = await claimBy((group) => deleteShortId(group), groups, {
        projectId,
        pageId: newPageId(),
        rows: 2,
      });
      if (byShortId.groupIds.length === groups.length) {
        return [byShortId];
      }
      // Whoever took a short id named its group with that, and this is read after it was refused.
      const taken = new Set((await claimed(projectId)).flatMap(({ groupIds }) => groupIds));
      const byRow = await claimBy(
        deleteGroup,
        groups.filter(({ id }) => !taken.has(id)),
        { projectId, pageId: newPageId(), rows: 1 },
      );
      return [byShortId, byRow].filter(({ groupIds }) => groupIds.length > 0);
    },

    /** Deletes the own rows of claimed groups: from here on nothing is written to them. */
    removeGroups({ groupIds }: RemovalPage): Promise<void> {
      return batchDelete(groupIds.map(groupKeys.group));
    },

    /** Counts a page whose groups are gone with all they had, once however many workers do it. */
    async finish(projectId: ProjectId, page: RemovalPage, removed: number): Promise<void> {
      await commitUnrefused(engine, [deletePage(projectId, page)], () => [
        tallyDeletion(projectId, page.groupIds.length, page.items + removed),
      ]);
    },
  };
}

const listedFromItem = rowReader<GroupToDelete>({ id: groupId, organizationId, shortId: text });

const pageFromItem = rowReader<RemovalPage>({
  pageId: text,
  groupIds: list(groupId),
  items: number,
});

function putPage(projectId: ProjectId, page: RemovalPage): Write<'page'> {
  const Item: Item = {
    ...projectKeys.removalPage(projectId, page.pageId),
    entity: 'removalPage',
    projectId,
    ...page,
  };
  return { name: 'page', put: { Item } };
}

function deletePage(projectId: ProjectId, { pageId }: RemovalPage): Write<'page'> {
  return {
    name: 'page',
    delete: { Key: projectKeys.removalPage(projectId, pageId), ...exists },
  };
}

function deleteGroup({ id }: GroupToDelete): Write<`group ${string}`> {
  return { name: `group ${id}`, delete: { Key: groupKeys.group(id), ...exists } };
}
