import type { GroupId, ProjectId } from '../../domain/ids.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import { type PageOfRecords, pageOfRecords } from '../issues/activities.ts';
import { type CommitContext, type RecordWrite, recordsOfChanges } from '../issues/group-changes.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import { groupId as groupIdField } from '../row-fields.ts';
import { read, text } from '../rows.ts';
import type { Table } from '../table.ts';
import type { Transact } from '../transaction.ts';
import { affectedKey, type CountedEvents, noteEvents } from './counted-events.ts';
import { hashOf } from './event-deliveries.ts';
import { createKeptEvents } from './kept-events.ts';
import { createNewGroups } from './new-groups.ts';
import { countOnGroup } from './seen-counts.ts';

/** The names of the writes that create a group or count its events. */
export type SeenWrite =
  | 'project'
  | 'group'
  | 'short id'
  | 'fingerprint'
  | 'group fingerprint'
  | 'evaluated event'
  | 'affected user'
  | 'delivery'
  | RecordWrite;

export type SeenGroupStore = ReturnType<typeof createSeenGroupStore>;

/**
 * Creates groups and counts their events. A refusal names the write that was refused: `delivery`
 * (an event was counted before), `affected user` (was counted meanwhile), `group`, `fingerprint`,
 * `short id` (taken, or changed), `project` (being deleted, or its counter has changed).
 */
export function createSeenGroupStore(table: Table, transact: Transact) {
  return {
    /**
     * The groups of a project that these fingerprints lead to, by fingerprint. 100 fingerprints a
     * round trip.
     */
    async ofFingerprints(
      projectId: ProjectId,
      fingerprints: readonly string[],
    ): Promise<Map<string, string>> {
      const keys = new Map(fingerprints.map((text) => [text, fingerprintKey(projectId, text)]));
      const items = await table.batchGet([...keys.values()]);
      const groups = new Map(items.map((item) => [item.sk, read(item, 'groupId', groupIdField)]));
      return new Map(
        [...keys].flatMap(([text, { sk }]) => {
          const groupId = groups.get(sk);
          return groupId === undefined ? [] : [[text, groupId] as const];
        }),
      );
    },

    /** Which of these users have already been counted for the group. 100 users a round trip. */
    async usersAmong(groupId: GroupId, users: readonly string[]): Promise<Set<string>> {
      const keys = new Map(users.map((user) => [affectedKey(groupId, user).sk, user]));
      const items = await table.batchGet(users.map((user) => affectedKey(groupId, user)));
      return new Set(items.flatMap((item) => keys.get(item.sk) ?? []));
    },

    /** Counts events on a group, with the change of its status if there is one. One round trip. */
    count(
      changes: GroupChanges,
      input: { readonly isExact: boolean; readonly events: CountedEvents },
      context: CommitContext,
    ) {
      return transact([
        countOnGroup(changes, {
          isExact: input.isExact,
          events: input.events.eventIds.length,
          newUsers: input.events.newUsers.length,
        }),
        ...recordsOfChanges(changes, context),
        ...noteEvents(changes.group, input.events),
      ]);
    },

    /**
     * A page of the hashes of the fingerprints that lead to a group, and the cursor of the next
     * page; null where there is none. One round trip.
     */
    async hashesOf(
      input: PageOfRecords,
    ): Promise<{ readonly hashes: readonly string[]; readonly next: string | null }> {
      const page = await pageOfRecords(table, groupKeys.fingerprintPrefix, input);
      return {
        hashes: page.items.map((item) => read(item, 'hash', text)),
        next: page.next === undefined ? null : (page.items.at(-1)?.sk ?? null),
      };
    },

    ...createNewGroups(transact),
    ...createKeptEvents(table, transact),
  };
}

function fingerprintKey(projectId: ProjectId, fingerprint: string) {
  return seenKeys.fingerprint(projectId, hashOf(fingerprint));
}
