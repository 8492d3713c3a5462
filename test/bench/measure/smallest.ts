import { randomUUID } from 'node:crypto';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { mapConcurrently } from '../../../shared/map-concurrently.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { operationKeys } from '../../../shared/stores/keys/operation-keys.ts';
import { outboxKeys } from '../../../shared/stores/keys/outbox-keys.ts';
import { NOW } from '../../support/builders.ts';
import type { benchWorld } from './bench-world.ts';

/** As many at a time as a bulk update has. */
const WIDTH = 32;
const WEEK_SECONDS = 7 * 24 * 60 * 60;

type Assignment = {
  readonly groupId: string;
  readonly to: string | null;
  /** The operation that its outcome is recorded for, if it is part of one. */
  readonly operationId?: string;
};

/**
 * Sends for each issue the smallest transaction that keeps the promise of an assignment, or of its
 * end: the condition that the issue is there, the assignment on the condition of its version with
 * its place in the list of whoever has it, an activity, an event, and its outcome where an
 * operation is to be told. No reads, no decision.
 */
export async function sendSmallest(
  { counter, table, groupIds }: Awaited<ReturnType<typeof benchWorld>>,
  { version, ...assignment }: Omit<Assignment, 'groupId'> & { readonly version: number | null },
): Promise<void> {
  await mapConcurrently(WIDTH, groupIds, (groupId) =>
    counter.client.send(
      new TransactWriteCommand(smallest(table, { groupId, ...assignment }, version)),
    ),
  );
}

function smallest(
  TableName: string,
  { groupId, to, operationId }: Assignment,
  version: number | null,
): TransactWriteCommandInput {
  const eventId = randomUUID();
  const Item = {
    ...groupKeys.assignment(groupId),
    version: (version ?? 0) + 1,
    ...(to === null ? {} : { assignee: to, gsi1pk: `A#1#${to}`, gsi1sk: groupId }),
  };
  const activity = { type: to === null ? 'unassigned' : 'assigned', assignee: to, user: '11' };
  const event = {
    type: `issue.${activity.type}`,
    groupId,
    eventId,
    assignee: to,
    actor: 'user:11',
  };
  const asRead =
    version === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version },
        };
  return {
    TransactItems: [
      // An assignment that is there says that the issue is.
      ...(version === null
        ? [
            {
              ConditionCheck: {
                TableName,
                Key: groupKeys.group(groupId),
                ConditionExpression: 'attribute_exists(pk)',
              },
            },
          ]
        : []),
      { Put: { TableName, Item, ...asRead } },
      {
        Put: {
          TableName,
          Item: { ...groupKeys.activity(groupId, NOW, 0, eventId), ...activity },
        },
      },
      ...(operationId === undefined
        ? []
        : [
            {
              Put: {
                TableName,
                Item: {
                  ...operationKeys.outcome(operationId, groupId),
                  outcome: 'applied',
                  before: null,
                  after: to,
                },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
          ]),
      {
        Put: {
          TableName,
          Item: {
            ...outboxKeys.record(NOW, eventId),
            detail: JSON.stringify(event),
            expiresAt: Date.parse(NOW) / 1_000 + WEEK_SECONDS,
          },
        },
      },
    ],
  };
}
