import type { EditableIssue } from '../../domain/editable-state.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Group, StoredGroupStatus } from '../../domain/issues/group.ts';
import { onlyAsRead } from '../as-read.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { anyOf, doesNotExist, exists, leadsToGroup } from '../conditions.ts';
import { gsi3 } from '../index-keys.ts';
import { groupKeys, type Key, seenKeys } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { tallyDeletion } from '../projects/deletions.ts';
import { groupId, organizationId } from '../row-fields.ts';
import { read, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { touchAssignment } from './assignments.ts';
import { commitUnrefused } from './commit-unrefused.ts';
import { type AssignedGroupRow, type GroupRow, updateGroup } from './groups.ts';
import { issueAsRead } from './issue-as-read.ts';
import {
  createForgetMerged,
  deleteShortId,
  MERGED_GROUP_ATTRIBUTES,
  type MergedGroup,
  mergedGroupsOf,
} from './merged-groups.ts';

/** The attributes of a group that its removal needs. */
export type GroupToDelete = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly shortId: string;
};

/** A group that was marked, and how many rows of it went with the mark. */
export type MarkedGroup = GroupToDelete & { readonly removedRows: number };

/** How many rows of each group were removed, by its id, and whether those were all. */
export type Emptied = {
  readonly removed: ReadonlyMap<string, number>;
  readonly isComplete: boolean;
};

/** The most groups whose rows, short ids and count fit into one transaction. */
const groupsPerPage = Math.floor((TRANSACTION_LIMIT - 1) / 2);
/** Rows of a group that one Query reads. */
const KEYS_PER_QUERY = 500;

type GroupName = `group ${string}`;

export type GroupRemovalStore = ReturnType<typeof createGroupRemovalStore>;

/**
 * Removes groups in three steps, each safe to repeat: they are marked and lose their assignment, so
 * that nothing is written to them any more; the other rows of their partitions are deleted; and
 * their own rows last, so that a removal that was interrupted finds them again.
 */
export function createGroupRemovalStore(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);

  const forgetMerged = createForgetMerged(table, transact);
  const engine = { table, transact };

  return {
    /**
     * A page of a project's groups in one state, as its list shows them: groups that are gone may
     * still be in it.
     */
    async page(input: {
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
        Limit: groupsPerPage,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      return { groups: page.items.map(listedFromItem), next: page.next };
    },

    /**
     * Requests the removal of one group: its new state, its short id, which is free immediately,
     * and the event, in one transaction. Refused when the group, or who holds it, has changed, and
     * with `asRead` when anything has that people edit of the issue.
     */
    request(before: AssignedGroupRow, after: GroupRow, event: EventRecord, asRead?: EditableIssue) {
      const writes = [
        updateGroup(before, after),
        touchAssignment(after.group.id, before.assignment),
        deleteShortId(after.group, anyOf(doesNotExist, leadsToGroup(after.group.id))),
        recordEvent(event),
      ];
      return transact(onlyAsRead(writes, asRead === undefined ? [] : issueAsRead(asRead)));
    },

    /** Records the event by which another worker continues a removal. One round trip. */
    async continueLater(event: EventRecord): Promise<void> {
      await transact([recordEvent(event)]);
    },

    /**
     * Deletes the fingerprints that lead to a group; one that leads to another group by now stays.
     */
    async releaseFingerprints({ id, projectId }: Pick<Group, 'id' | 'projectId'>): Promise<void> {
      const pages = table.queryPages({
        ...byPrefix(groupKeys.partition(id), groupKeys.fingerprintPrefix),
        Limit: TRANSACTION_LIMIT,
      });
      for await (const page of pages) {
        await commitUnrefused(
          engine,
          page.map((item) => deleteFingerprint(projectId, read(item, 'hash', text), id)),
        );
      }
    },

    /**
     * Marks up to a page of groups for deletion, and takes their assignments with it; answers those
     * that exist. Two round trips.
     */
    async markForDeletion(groups: readonly GroupToDelete[], now: string): Promise<MarkedGroup[]> {
      const assigned = await assignedAmong(table, groups);
      const remaining = await commitUnrefused(
        engine,
        groups.flatMap(({ id }) => [markGroupForDeletion(id, now), deleteAssignment(id)]),
      );
      const marked = new Set(remaining.map(({ name }) => name));
      return groups
        .filter(({ id }) => marked.has(nameOf(id)))
        .map((group) => ({ ...group, removedRows: assigned.has(group.id) ? 1 : 0 }));
    },

    /**
     * Deletes the rows of marked groups but for their own, and what is left of groups that were
     * merged into them, as long as `hasTime` says so. Memory holds the keys of at most 500 rows a
     * group.
     */
    async empty(groups: readonly MarkedGroup[], hasTime: () => boolean): Promise<Emptied> {
      const removed = new Map<string, number>(
        groups.map(({ id, removedRows }) => [id, removedRows]),
      );
      let open: readonly OpenGroup[] = groups.map(({ id }) => ({ id }));
      while (open.length > 0) {
        const pages = await Promise.all(
          open.map(async ({ id, after }) => ({ id, ...(await keysOfGroup(table, id, after)) })),
        );
        for (const { id, keys, merged } of pages) {
          // What is left of groups that were merged into this one is found by its rows of them.
          const left = await forgetMerged(merged);
          removed.set(id, (removed.get(id) ?? 0) + keys.length + left);
        }
        await batchDelete(pages.flatMap(({ keys }) => keys));
        open = pages.flatMap(({ id, next }) => (next === undefined ? [] : [{ id, after: next }]));
        if (open.length > 0 && !hasTime()) {
          return { removed, isComplete: false };
        }
      }
      return { removed, isComplete: true };
    },

    /**
     * Deletes the own rows of up to a page of groups whose other rows are gone, with their short
     * ids. `tally` is the project whose deletion counts them: each group once, even where another
     * worker removes it at the same time.
     */
    async remove(
      groups: readonly GroupToDelete[],
      { removed }: Pick<Emptied, 'removed'>,
      tally: string | null,
    ): Promise<void> {
      await commitUnrefused(
        engine,
        groups.flatMap((group) => [deleteGroup(group.id), deleteShortId(group)]),
        (remaining) => {
          const names = new Set(remaining.map(({ name }) => name));
          const gone = groups.filter(({ id }) => names.has(nameOf(id)));
          const items = gone.reduce((sum, { id }) => sum + (removed.get(id) ?? 0), names.size);
          return tally === null ? [] : [tallyDeletion(tally, gone.length, items)];
        },
      );
    },
  };
}

const listedFromItem = rowReader<GroupToDelete>({ id: groupId, organizationId, shortId: text });

/** A page of a group's partition: keys, and the groups that were merged into it. */
type PageOfGroup = {
  readonly keys: readonly Key[];
  readonly merged: readonly MergedGroup[];
  readonly next: Record<string, unknown> | undefined;
};

type OpenGroup = { readonly id: string; readonly after?: Record<string, unknown> };

/**
 * The keys of a page of a group's partition, without the group's own row. Consistent: the group is
 * marked.
 */
async function keysOfGroup(
  table: Table,
  groupId: GroupId,
  after: Record<string, unknown> | undefined,
): Promise<PageOfGroup> {
  const { pk, sk } = groupKeys.group(groupId);
  const page = await table.queryPage({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: `pk, sk, ${MERGED_GROUP_ATTRIBUTES}`,
    ConsistentRead: true,
    Limit: KEYS_PER_QUERY,
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
  });
  const keys = page.items.filter((key) => key.sk !== sk);
  return { keys, merged: mergedGroupsOf(keys), next: page.next };
}

function nameOf(groupId: GroupId): GroupName {
  return `group ${groupId}`;
}

function markGroupForDeletion(groupId: GroupId, now: string): Write<GroupName> {
  return {
    name: nameOf(groupId),
    update: updateRow(groupKeys.group(groupId), { setIfAbsent: { deletingSince: now } }, exists),
  };
}

/** Whoever has read the assignment and would change it is refused from here on. */
function deleteAssignment(groupId: GroupId): Write<'assignment'> {
  return { name: 'assignment', delete: { Key: groupKeys.assignment(groupId) } };
}

/** Those of the groups that have an assignment's row, which only the count depends on. */
async function assignedAmong(
  table: Table,
  groups: readonly GroupToDelete[],
): Promise<Set<unknown>> {
  const items = await table.batchGet(
    groups.map(({ id }) => groupKeys.assignment(id)),
    'eventual',
  );
  return new Set(items.map((item) => item.groupId));
}

function deleteGroup(groupId: GroupId): Write<GroupName> {
  return {
    name: nameOf(groupId),
    delete: { Key: groupKeys.group(groupId), ...exists },
  };
}

function deleteFingerprint(
  projectId: ProjectId,
  hash: string,
  groupId: GroupId,
): Write<`fingerprint ${string}`> {
  return {
    name: `fingerprint ${hash}`,
    delete: {
      Key: seenKeys.fingerprint(projectId, hash),
      ...leadsToGroup(groupId),
    },
  };
}
