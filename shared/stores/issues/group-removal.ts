import type { EditableIssue } from '../../domain/editable-state.ts';
import { changedMeanwhile } from '../../domain/errors.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Group, StoredGroupStatus } from '../../domain/issues/group.ts';
import { onlyAsRead } from '../as-read.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { anyOf, doesNotExist, exists, leadsToGroup } from '../conditions.ts';
import { groupKeys, gsi1, type Key, seenKeys } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { tallyDeletion } from '../projects/deletions.ts';
import { groupId, organizationId } from '../row-fields.ts';
import { read, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { type GroupRow, updateGroup } from './groups.ts';
import { issueAsRead } from './issue-as-read.ts';

/** The attributes of a group that its removal needs. */
export type GroupToDelete = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly shortId: string;
};

/** A group as the list of its project shows it, which may lag behind the group's row. */
export type ListedGroupToDelete = GroupToDelete & { readonly isMarkedForDeletion: boolean };

/** How many rows of each group were removed, by its id, and whether those were all. */
export type Emptied = {
  readonly removed: ReadonlyMap<string, number>;
  readonly isComplete: boolean;
};

/** The most groups whose rows, short ids and count fit into one transaction. */
const groupsPerPage = Math.floor((TRANSACTION_LIMIT - 1) / 2);
/** Rows of a group that one Query reads. */
const KEYS_PER_QUERY = 500;
/** Pages that others write to at the same moment are tried again so often. */
const ATTEMPTS = 12;

type GroupName = `group ${string}`;
type RemovalWrite = GroupName | `short id ${string}` | `fingerprint ${string}`;

export type GroupRemovalStore = ReturnType<typeof createGroupRemovalStore>;

/**
 * Removes groups in three steps, each safe to repeat: they are marked, so that nothing is written
 * to them any more; the other rows of their partitions are deleted; and their own rows last, so
 * that a removal that was interrupted finds them again.
 */
export function createGroupRemovalStore(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);

  const commitUnrefused = (
    writes: readonly Write<RemovalWrite>[],
    beside: BesideWrites = () => [],
  ) => commitWithoutRefused(table, transact, writes, beside);

  return {
    /**
     * A page of a project's groups in one state, as its list shows them: groups that are gone may
     * still be in it.
     */
    async page(input: {
      readonly projectId: ProjectId;
      readonly status: StoredGroupStatus;
      readonly after?: Record<string, unknown>;
    }): Promise<{ groups: ListedGroupToDelete[]; next: Record<string, unknown> | undefined }> {
      const page = await table.queryPage({
        IndexName: gsi1.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: {
          ':pk': gsi1.groupsOfProject(input.projectId, input.status),
        },
        ProjectionExpression: 'pk, sk, id, organizationId, shortId, deletingSince',
        Limit: groupsPerPage,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      const groups = page.items.map((item) => ({
        ...listedFromItem(item),
        isMarkedForDeletion: item.deletingSince !== undefined,
      }));
      return { groups, next: page.next };
    },

    /**
     * Requests the removal of one group: its new state, its short id, which is free immediately,
     * and the event, in one transaction. Refused when the group has changed, and with `asRead` when
     * anything has that people edit of the issue.
     */
    request(before: GroupRow, after: GroupRow, event: EventRecord, asRead?: EditableIssue) {
      const writes = [
        updateGroup(before, after),
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
     * Frees a group's short id, unless it is another group's by now. One round trip.
     */
    async forgetShortId(group: GroupToDelete): Promise<void> {
      await commitUnrefused([deleteShortId(group)]);
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
          page.map((item) => deleteFingerprint(projectId, read(item, 'hash', text), id)),
        );
      }
    },

    /** Marks up to a page of groups for deletion; answers those that exist. One round trip. */
    async markForDeletion(
      groups: readonly ListedGroupToDelete[],
      now: string,
    ): Promise<GroupToDelete[]> {
      const unmarked = groups.filter(({ isMarkedForDeletion }) => !isMarkedForDeletion);
      const remaining = await commitUnrefused(
        unmarked.map(({ id }) => markGroupForDeletion(id, now)),
      );
      const marked = new Set(remaining.map(({ name }) => name));
      return groups.filter(
        ({ id, isMarkedForDeletion }) => isMarkedForDeletion || marked.has(nameOf(id)),
      );
    },

    /**
     * Deletes the rows of marked groups but for their own, as long as `hasTime` says so. Memory
     * holds the keys of at most 500 rows a group.
     */
    async empty(groupIds: readonly GroupId[], hasTime: () => boolean): Promise<Emptied> {
      const removed = new Map<string, number>(groupIds.map((id) => [id, 0]));
      let open: readonly OpenGroup[] = groupIds.map((id) => ({ id }));
      while (open.length > 0) {
        const pages = await Promise.all(
          open.map(async ({ id, after }) => ({ id, ...(await keysOfGroup(table, id, after)) })),
        );
        await batchDelete(pages.flatMap(({ keys }) => keys));
        for (const { id, keys } of pages) {
          removed.set(id, (removed.get(id) ?? 0) + keys.length);
        }
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

/** Writes that commit together with those that remain. */
type BesideWrites = (remaining: readonly Write<RemovalWrite>[]) => readonly Write<'tombstone'>[];

/**
 * Commits the writes whose conditions hold, and answers which those are. Throws `conflict` when
 * others keep writing to the rows.
 */
async function commitWithoutRefused(
  table: Table,
  transact: Transact,
  writes: readonly Write<RemovalWrite>[],
  beside: BesideWrites,
): Promise<readonly Write<RemovalWrite>[]> {
  let remaining = writes;
  for (let attempt = 1; remaining.length > 0; attempt++) {
    const outcome = await transact([...remaining, ...beside(remaining)]);
    if (outcome.committed) {
      break;
    }
    const { refused } = outcome;
    if (attempt === ATTEMPTS) {
      throw changedMeanwhile();
    }
    if (refused.length === 0) {
      await table.backOff(attempt);
    }
    remaining = remaining.filter(({ name }) => !refused.includes(name));
  }
  return remaining;
}

const listedFromItem = rowReader<GroupToDelete>({ id: groupId, organizationId, shortId: text });

type OpenGroup = { readonly id: string; readonly after?: Record<string, unknown> };

/**
 * The keys of a page of a group's partition, without the group's own row. Consistent: the group is
 * marked.
 */
async function keysOfGroup(
  table: Table,
  groupId: GroupId,
  after: Record<string, unknown> | undefined,
): Promise<{ keys: Key[]; next: Record<string, unknown> | undefined }> {
  const { pk, sk } = groupKeys.group(groupId);
  const page = await table.queryPage({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: 'pk, sk',
    ConsistentRead: true,
    Limit: KEYS_PER_QUERY,
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
  });
  return { keys: page.items.filter((key) => key.sk !== sk), next: page.next };
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

function deleteGroup(groupId: GroupId): Write<GroupName> {
  return {
    name: nameOf(groupId),
    delete: { Key: groupKeys.group(groupId), ...exists },
  };
}

/** A short id that is another group's by now stays. */
function deleteShortId(
  { id, organizationId, shortId }: GroupToDelete,
  condition = leadsToGroup(id),
): Write<`short id ${string}`> {
  return {
    name: `short id ${shortId}`,
    delete: {
      Key: groupKeys.shortId(organizationId, shortId),
      ...condition,
    },
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
