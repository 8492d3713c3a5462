import type { EditableIssue } from '../../domain/editable-state.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { GroupId, ProjectId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { onlyAsRead } from '../as-read.ts';
import { anyOf, doesNotExist, exists, leadsToGroup } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import { recordEvent, recordEvents } from '../outbox.ts';
import { read, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { touchAssignment } from './assignments.ts';
import { commitUnrefused } from './commit-unrefused.ts';
import { createEmptyGroups } from './empty-groups.ts';
import { type AssignedGroupRow, type GroupRow, updateGroup } from './groups.ts';
import { issueAsRead } from './issue-as-read.ts';
import { deleteShortId } from './merged-groups.ts';

/** The attributes of a group that its removal needs. */
export type GroupToDelete = Pick<Group, 'id' | 'organizationId' | 'shortId'>;

/** What a removal holds at, and what is written with it. */
type RemovedBeside = {
  readonly asRead?: EditableIssue | undefined;
  readonly outcome?: Write<'outcome'> | undefined;
};

export type GroupRemovalStore = ReturnType<typeof createGroupRemovalStore>;

/**
 * Removes single groups in three steps, each safe to repeat: a group is marked and loses its
 * assignment, so that nothing is written to it any more; the other rows of its partition are
 * deleted; and its own row last, so that a removal that was interrupted finds it again.
 */
export function createGroupRemovalStore(table: Table, transact: Transact) {
  const engine = { table, transact };

  return {
    /**
     * Requests the removal of one group: its new state, its short id, which is free immediately,
     * and the events, in one transaction. Refused when the group, or who holds it, has changed, and
     * with `asRead` when anything has that people edit of the issue.
     */
    request(
      before: AssignedGroupRow,
      after: GroupRow,
      events: readonly EventRecord[],
      { asRead, outcome }: RemovedBeside = {},
    ) {
      const writes = [
        updateGroup(before, after),
        touchAssignment(after.group.id, before.assignment),
        deleteShortId(after.group, anyOf(doesNotExist, leadsToGroup(after.group.id))),
        ...recordEvents(events),
      ];
      const held = onlyAsRead(writes, asRead === undefined ? [] : issueAsRead(asRead));
      return transact([...held, ...(outcome === undefined ? [] : [outcome])]);
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

    /** Marks a group for deletion; false where it is gone already. One round trip. */
    async markForDeletion({ id }: GroupToDelete, now: string): Promise<boolean> {
      const writes = [markGroupForDeletion(id, now), deleteAssignment(id)];
      const remaining = await commitUnrefused(engine, writes);
      return remaining.some(({ name }) => name === 'group');
    },

    empty: createEmptyGroups(table, transact),

    /** Deletes the own row of a group whose other rows are gone, with its short id. */
    async remove(group: GroupToDelete): Promise<void> {
      await commitUnrefused(engine, [deleteGroup(group.id), deleteShortId(group)]);
    },
  };
}

function markGroupForDeletion(groupId: GroupId, now: string): Write<'group'> {
  return {
    name: 'group',
    update: updateRow(groupKeys.group(groupId), { setIfAbsent: { deletingSince: now } }, exists),
  };
}

/** Whoever has read the assignment and would change it is refused from here on. */
function deleteAssignment(groupId: GroupId): Write<'assignment'> {
  return { name: 'assignment', delete: { Key: groupKeys.assignment(groupId) } };
}

function deleteGroup(groupId: GroupId): Write<'group'> {
  return { name: 'group', delete: { Key: groupKeys.group(groupId), ...exists } };
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
