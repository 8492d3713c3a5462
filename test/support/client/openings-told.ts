import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unpackEvents } from '../../../shared/domain/event-record.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** A transaction as it travels, as far as it changes statuses and tells of it. */
type Transaction = {
  readonly TransactItems: readonly {
    readonly Put?: { readonly Item: Attributes };
    readonly Update?: { readonly Key: Attributes; readonly ExpressionAttributeValues?: Attributes };
  }[];
};

/**
 * Whether a transaction opens an issue without the event from which it is learned that its holder
 * has to be reviewed. Every client of a test's table asks.
 */
export function opensUntold({ TransactItems }: Transaction): boolean {
  return TransactItems.some(opens) && !TransactItems.some(tells);
}

function opens({ Update }: Transaction['TransactItems'][number]): boolean {
  const values = Update?.ExpressionAttributeValues ?? {};
  const version = values[':statusVersion']?.N;
  return (
    Update?.Key.sk?.S === 'A#GROUP' &&
    values[':status']?.S === 'unresolved' &&
    version !== undefined &&
    version !== values[':statusVersionIs']?.N
  );
}

function tells({ Put }: Transaction['TransactItems'][number]): boolean {
  const events = unpackEvents({ events: Put?.Item.events?.S }) ?? [];
  return events.some(({ type }) => type === 'issue.status_changed');
}
