import {
  type Activity,
  activityTypes,
  type NewActivity,
  type NewHistory,
} from '../../domain/issues/activity.ts';
import { doesNotExist } from '../conditions.ts';
import { groupKeys } from '../keys.ts';
import { map, nullable, oneOf, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import type { SubscribedGroup } from './subscriptions.ts';

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
    /**
     * A page of a group's activities, newest first. `before` is the `cursor` of the last one of the
     * page before.
     */
    async ofGroup(input: {
      readonly groupId: string;
      readonly limit: number;
      readonly before?: string;
    }): Promise<{ activities: (Activity & { readonly cursor: string })[]; more: boolean }> {
      // A forged cursor may lie before all activities: DynamoDB refuses such a range.
      if (input.before !== undefined && !input.before.startsWith(groupKeys.activityPrefix)) {
        return { activities: [], more: false };
      }
      const prefix = byPrefix(groupKeys.partition(input.groupId), groupKeys.activityPrefix);
      const page = await table.queryPage(
        input.before === undefined
          ? { ...prefix, ScanIndexForward: false, Limit: input.limit }
          : {
              KeyConditionExpression: 'pk = :pk AND sk BETWEEN :prefix AND :before',
              ExpressionAttributeValues: {
                ...prefix.ExpressionAttributeValues,
                ':before': input.before,
              },
              ExclusiveStartKey: { pk: groupKeys.partition(input.groupId), sk: input.before },
              ConsistentRead: true,
              ScanIndexForward: false,
              Limit: input.limit,
            },
      );
      return {
        activities: page.items.map((item) => ({ ...activityFromItem(item), cursor: item.sk })),
        more: page.next !== undefined,
      };
    },
  };
}

/** Adds an activity to a group. */
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

/** Adds a state to a group's history. */
export function insertHistory(
  group: SubscribedGroup,
  history: NewHistory,
  at: RecordedAt,
): Write<`history ${string}`> {
  return {
    name: `history ${history.status}`,
    put: {
      Item: {
        ...groupKeys.history(group.id, at.dateCreated, at.position, at.id),
        ...ofGroup(group),
        entity: 'history',
        id: at.id,
        dateCreated: at.dateCreated,
        ...history,
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

const activityFromItem = rowReader<Activity>({
  id: text,
  type: oneOf(activityTypes),
  userId: nullable(text),
  data: nullable(map),
  dateCreated: text,
});
