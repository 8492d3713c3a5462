import type { GroupId } from '../../domain/ids.ts';
import {
  type Activity,
  type ActivityPage,
  activityTypes,
  type NewActivity,
} from '../../domain/issues/activity.ts';
import { doesNotExist } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { map, nullable, oneOf, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import type { SubscribedGroup } from './user-rows.ts';

export type ActivityStore = ReturnType<typeof createActivityStore>;

/** When a record was made; `position` keeps the order of the records of one request. */
export type RecordedAt = {
  readonly id: string;
  readonly dateCreated: string;
  readonly position: number;
};

/** What was done to a group, newest first. */
export function createActivityStore(table: Table) {
  return {
    /** A page of a group's activities, newest first. One round trip. */
    async ofGroup(input: PageOfRecords): Promise<ActivityPage> {
      const page = await pageOfRecords(table, groupKeys.activityPrefix, input);
      return {
        activities: page.items.map((item) => ({ ...activityFromItem(item), cursor: item.sk })),
        more: page.next !== undefined,
      };
    },
  };
}

/** Which page; `before` is the `cursor` of the last one of the page before. */
export type PageOfRecords = {
  readonly groupId: GroupId;
  readonly limit: number;
  readonly before?: string;
};

/** A page of the rows of a group whose sort keys begin with a prefix, from the last one back. */
export async function pageOfRecords(
  table: Table,
  recordPrefix: string,
  { groupId, limit, before }: PageOfRecords,
): ReturnType<Table['queryPage']> {
  // A forged cursor may lie before all of them: DynamoDB refuses such a range.
  if (before !== undefined && !before.startsWith(recordPrefix)) {
    return { items: [], next: undefined };
  }
  const prefix = byPrefix(groupKeys.partition(groupId), recordPrefix);
  if (before === undefined) {
    return table.queryPage({ ...prefix, ScanIndexForward: false, Limit: limit });
  }
  return table.queryPage({
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :prefix AND :before',
    ExpressionAttributeValues: { ...prefix.ExpressionAttributeValues, ':before': before },
    ExclusiveStartKey: { pk: groupKeys.partition(groupId), sk: before },
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: limit,
  });
}

/** Adds an activity to a group; where it adds to the history, it says so in its own row. */
export function insertActivity(
  group: SubscribedGroup,
  activity: NewActivity,
  at: RecordedAt,
): Write<`activity ${string}`> {
  return {
    name: `activity ${activity.type}`,
    put: {
      Item: {
        ...groupKeys.activity(group.id, at.dateCreated, at.position, at.id),
        ...ofGroup(group),
        entity: 'activity',
        id: at.id,
        dateCreated: at.dateCreated,
        ...activity,
      },
      ...doesNotExist,
    },
  };
}

function ofGroup(group: SubscribedGroup) {
  return {
    groupId: group.id,
    organizationId: group.organizationId,
    projectId: group.projectId,
  };
}

export const activityFromItem = rowReader<Activity>({
  id: text,
  type: oneOf(activityTypes),
  userId: nullable(text),
  data: nullable(map),
  dateCreated: text,
});
