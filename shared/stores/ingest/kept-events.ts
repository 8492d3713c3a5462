import type { GroupId } from '../../domain/ids.ts';
import { checkGroupIsLive } from '../issues/groups.ts';
import type { SubscribedGroup } from '../issues/user-rows.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Key } from '../keys.ts';
import { groupId as groupIdField } from '../row-fields.ts';
import { json, nullable, object, optional, read, rowReader, text } from '../rows.ts';
import type { Consistency, Item, Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact, Write } from '../transaction.ts';

/** The event that a group's owners were evaluated on, as far as rules can see it. */
export type EvaluatedEvent = {
  readonly eventId: string;
  readonly timestamp: string;
  readonly platform: string | null;
  readonly event: unknown;
};

/** Of each group the one event that its owners were last evaluated on. */
export function createKeptEvents(table: Table, transact: Transact) {
  return {
    /**
     * Keeps the event that a group's owners were evaluated on, in place of the one before; not
     * where the group is gone. One round trip.
     */
    async keepEvaluated(group: SubscribedGroup, evaluated: EvaluatedEvent): Promise<void> {
      await transactWithRetry(transact, [checkGroupIsLive(group.id), putKept(group, evaluated)]);
    },

    /**
     * The events that groups' owners were last evaluated on, by group, where one is kept, as they
     * were a moment ago unless `read` says otherwise. An event may have 300 KB: ask for few groups.
     */
    async evaluatedAmong(
      groupIds: readonly GroupId[],
      read: Consistency = 'eventual',
    ): Promise<Map<GroupId, EvaluatedEvent>> {
      return keptEventsOf(await table.batchGet(groupIds.flatMap(keptEventKeys), read));
    },

    /**
     * The event that a group's owners were last evaluated on; null where none was kept. One round
     * trip.
     */
    async evaluated(groupId: GroupId): Promise<EvaluatedEvent | null> {
      const items = await table.batchGet(keptEventKeys(groupId));
      return keptEventsOf(items).get(groupId) ?? null;
    },
  };
}

const evaluatedFields = {
  eventId: text,
  timestamp: text,
  platform: nullable(text),
  event: json,
};
const evaluatedFromItem = rowReader<EvaluatedEvent>(evaluatedFields);
const begunWith = optional(object<EvaluatedEvent>(evaluatedFields));

/** Where a group's kept event may be. */
function keptEventKeys(groupId: GroupId): Key[] {
  return [groupKeys.firstFingerprint(groupId), groupKeys.evaluatedEvent(groupId)];
}

/** The event that a group was begun with is kept until its owners are evaluated on another. */
function keptEventsOf(items: readonly Item[]): Map<GroupId, EvaluatedEvent> {
  const kept = new Map<GroupId, EvaluatedEvent>();
  for (const item of items) {
    const groupId = read(item, 'groupId', groupIdField);
    const isBegin = item.entity === 'fingerprint';
    const event = isBegin ? read(item, 'begunWith', begunWith) : evaluatedFromItem(item);
    if (event !== undefined && !(isBegin && kept.has(groupId))) {
      kept.set(groupId, event);
    }
  }
  return kept;
}

/** An event as a row keeps it. */
export function keptAttributes(evaluated: EvaluatedEvent) {
  return { ...evaluated, event: JSON.stringify(evaluated.event) };
}

function putKept(group: SubscribedGroup, evaluated: EvaluatedEvent): Write<'evaluated event'> {
  return {
    name: 'evaluated event',
    put: {
      Item: {
        ...groupKeys.evaluatedEvent(group.id),
        entity: 'evaluatedEvent',
        groupId: group.id,
        projectId: group.projectId,
        ...keptAttributes(evaluated),
      },
    },
  };
}
