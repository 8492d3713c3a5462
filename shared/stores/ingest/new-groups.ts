import type { EventRecord } from '../../domain/events.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { Project } from '../../domain/projects/project.ts';
import { allOf, attributeIs, doesNotExist, isActive, leadsToGroup } from '../conditions.ts';
import { insertGroup } from '../issues/groups.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import { recordEvents } from '../outbox.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { type CountedEvents, noteEvents } from './counted-events.ts';
import { hashOf } from './event-deliveries.ts';
import { type EvaluatedEvent, keptAttributes } from './kept-events.ts';

/**
 * A group that events begin. `stale` is the deleted group that the fingerprint led to until now, or
 * null.
 */
export type NewGroup = {
  readonly group: Group;
  readonly fingerprint: string;
  readonly stale: string | null;
  readonly events: CountedEvents;
  readonly evaluated: EvaluatedEvent | null;
};

/** Writes of a group that is begun beside those that note its events. */
const WRITES_OF_GROUP = 4;
/** A transaction takes four megabytes; beside its events a group has a few kilobytes. */
const BYTES_OF_EVENTS = 3_000_000;

/** Creates groups that events begin. */
export function createNewGroups(transact: Transact) {
  return {
    /**
     * Cuts groups to be begun into pieces, in their order, that one transaction each has room for.
     */
    piecesOf<T>(groups: readonly T[], toBegin: (group: T) => NewGroup): T[][] {
      const pieces: T[][] = [];
      let writes = 0;
      let bytes = 0;
      for (const group of groups) {
        const own = sizeOf(toBegin(group));
        writes -= own.writes;
        bytes -= own.bytes;
        if (writes < 0 || bytes < 0) {
          pieces.push([]);
          // Two writes are those of the counter and of the events that say what was begun.
          writes = TRANSACTION_LIMIT - 2 - own.writes;
          bytes = BYTES_OF_EVENTS - own.bytes;
        }
        pieces.at(-1)?.push(group);
      }
      return pieces;
    },

    /**
     * Creates groups of a project: their rows, the numbers that their short ids take from the
     * project's counter, the fingerprints that lead to them, and their events. One round trip.
     */
    begin(input: {
      readonly project: Project;
      readonly shortIdCounter: number;
      readonly now: string;
      readonly groups: readonly NewGroup[];
      /** What is told of it. */
      readonly told?: readonly EventRecord[];
    }) {
      return transact([
        raiseCounter(input.project, input.shortIdCounter, input.now),
        ...input.groups.flatMap(({ group, fingerprint, stale, events, evaluated }) => [
          ...insertGroup(group),
          ...leadTo(group, { fingerprint, stale, evaluated }),
          ...noteEvents(group, events),
        ]),
        ...recordEvents(input.told ?? []),
      ]);
    },
  };
}

function sizeOf({ events, evaluated }: NewGroup) {
  return {
    writes: WRITES_OF_GROUP + events.newUsers.length + events.eventIds.length,
    bytes: evaluated === null ? 0 : Buffer.byteLength(keptAttributes(evaluated).event),
  };
}

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

/**
 * Two rows: by one the fingerprint finds its group, by the other the group its fingerprints. The
 * second keeps the event that the group is begun with, until its owners are evaluated on another.
 */
function leadTo(
  group: Group,
  { fingerprint, stale, evaluated }: Pick<NewGroup, 'fingerprint' | 'stale' | 'evaluated'>,
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
      put: {
        Item: {
          ...groupKeys.firstFingerprint(group.id),
          ...row,
          ...(evaluated === null ? {} : { begunWith: keptAttributes(evaluated) }),
        },
      },
    },
  ];
}
