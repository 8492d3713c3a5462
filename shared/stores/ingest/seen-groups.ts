import type { GroupId, ProjectId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import type { Project } from '../../domain/projects/project.ts';
import { allOf, attributeIs, doesNotExist, isActive, leadsToGroup } from '../conditions.ts';
import { type PageOfRecords, pageOfRecords } from '../issues/activities.ts';
import { type CommitContext, type RecordWrite, recordsOfChanges } from '../issues/group-changes.ts';
import { checkGroupIsLive, insertGroup } from '../issues/groups.ts';
import type { SubscribedGroup } from '../issues/user-rows.ts';
import { groupKeys, projectKeys, seenKeys } from '../keys.ts';
import { groupId as groupIdField } from '../row-fields.ts';
import { json, nullable, read, rowReader, text } from '../rows.ts';
import type { Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { hashOf, recordDelivery } from './event-deliveries.ts';
import { countOnGroup } from './seen-counts.ts';

/** The events that one transaction counts. */
export type CountedEvents = {
  readonly eventIds: readonly string[];
  /**
   * The event whose owners are still to be evaluated after the transaction; null for none.
   */
  readonly unfinished: string | null;
  /** The users who have not been counted for the group yet, as text that tells them apart. */
  readonly newUsers: readonly string[];
  readonly now: string;
};

/** The event that a group's owners were evaluated on, as far as rules can see it. */
export type EvaluatedEvent = {
  readonly eventId: string;
  readonly timestamp: string;
  readonly platform: string | null;
  readonly event: unknown;
};

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

    /**
     * Creates a group: its rows, the number that its short id takes from the project's counter, the
     * fingerprint that leads to it, and its events. `stale` is the deleted group that the
     * fingerprint led to until now, or null. One round trip.
     */
    begin(input: {
      readonly group: Group;
      readonly fingerprint: string;
      readonly stale: string | null;
      readonly project: Project;
      readonly shortIdCounter: number;
      readonly events: CountedEvents;
      readonly evaluated: EvaluatedEvent | null;
    }) {
      const { group, fingerprint, events, evaluated } = input;
      return transact([
        raiseCounter(input.project, input.shortIdCounter, events.now),
        ...insertGroup(group),
        ...leadTo(group, fingerprint, input.stale),
        ...(evaluated === null ? [] : [keepEvent(group, evaluated)]),
        ...noteEvents(group, events),
      ]);
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
     * Keeps the event that a group's owners were evaluated on, in place of the one before; not
     * where the group is gone. One round trip.
     */
    async keepEvaluated(group: SubscribedGroup, evaluated: EvaluatedEvent): Promise<void> {
      await transactWithRetry(transact, [checkGroupIsLive(group.id), keepEvent(group, evaluated)]);
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

    /**
     * The events that groups' owners were last evaluated on, by group, where one is kept; as they
     * were a moment ago. An event may have 300 KB: ask for few groups.
     */
    async evaluatedAmong(groupIds: readonly GroupId[]): Promise<Map<GroupId, EvaluatedEvent>> {
      const items = await table.batchGet(groupIds.map(groupKeys.evaluatedEvent), 'eventual');
      return new Map(
        items.map((item) => [read(item, 'groupId', groupIdField), evaluatedFromItem(item)]),
      );
    },

    /**
     * The event that a group's owners were last evaluated on; null where none was kept. One round
     * trip.
     */
    async evaluated(groupId: GroupId): Promise<EvaluatedEvent | null> {
      const item = await table.get(groupKeys.evaluatedEvent(groupId));
      return item === undefined ? null : evaluatedFromItem(item);
    },
  };
}

const evaluatedFromItem = rowReader<EvaluatedEvent>({
  eventId: text,
  timestamp: text,
  platform: nullable(text),
  event: json,
});

/** Raises the counter of short ids, which gives each number once, while the project is active. */
function raiseCounter(project: Project, shortIdCounter: number, now: string): Write<'project'> {
  return {
    name: 'project',
    update: updateRow(
      projectKeys.project(project.id),
      { set: { shortIdCounter, ...(project.firstEvent === null ? { firstEvent: now } : {}) } },
      allOf(attributeIs('shortIdCounter', project.shortIdCounter), isActive),
    ),
  };
}

/** Two rows: by one the fingerprint finds its group, by the other the group its fingerprints. */
function leadTo(
  group: Group,
  fingerprint: string,
  stale: string | null,
): Write<'fingerprint' | 'group fingerprint'>[] {
  const hash = hashOf(fingerprint);
  const row = { entity: 'fingerprint', projectId: group.projectId, groupId: group.id, hash };
  return [
    {
      name: 'fingerprint',
      put: {
        Item: { ...seenKeys.fingerprint(group.projectId, hash), ...row },
        ...(stale === null ? doesNotExist : leadsToGroup(stale)),
      },
    },
    {
      name: 'group fingerprint',
      put: { Item: { ...groupKeys.fingerprint(group.id, hash), ...row } },
    },
  ];
}

function noteEvents(
  group: SubscribedGroup,
  events: CountedEvents,
): Write<'affected user' | 'delivery'>[] {
  const { eventIds, unfinished, newUsers, now } = events;
  return [
    ...newUsers.map(
      (user): Write<'affected user'> => ({
        name: 'affected user',
        put: {
          Item: { ...affectedKey(group.id, user), entity: 'affectedUser', groupId: group.id },
          ...doesNotExist,
        },
      }),
    ),
    ...eventIds.map((eventId) =>
      recordDelivery(group.projectId, eventId, { now, isUnfinished: eventId === unfinished }),
    ),
  ];
}

function keepEvent(group: SubscribedGroup, evaluated: EvaluatedEvent): Write<'evaluated event'> {
  return {
    name: 'evaluated event',
    put: {
      Item: {
        ...groupKeys.evaluatedEvent(group.id),
        entity: 'evaluatedEvent',
        groupId: group.id,
        projectId: group.projectId,
        ...evaluated,
        event: JSON.stringify(evaluated.event),
      },
    },
  };
}

function fingerprintKey(projectId: ProjectId, fingerprint: string) {
  return seenKeys.fingerprint(projectId, hashOf(fingerprint));
}

function affectedKey(groupId: GroupId, user: string) {
  return groupKeys.affectedUser(groupId, hashOf(user));
}
