import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { recordedEvents } from '../../shared/messages/recorded-events.ts';
import { countLag, relayEvents } from '../../shared/operations/outbox/relay-events.ts';
import { wireOutboxRelay } from './deps.ts';

const deps = wireOutboxRelay();

/**
 * Puts the events on the bus that transactions have recorded. Its stream mapping lets through
 * inserted event records only.
 */
export async function handler(
  { Records }: DynamoDBStreamEvent,
  context: Context,
): Promise<DynamoDBBatchResponse> {
  deps.log.begin(context);
  const relayed = await relayEvents(deps, Records.map(recordedEvents));
  countLag(deps, Records[0]?.dynamodb?.ApproximateCreationDateTime, Date.now());
  const firstLeft = Records[relayed]?.dynamodb?.SequenceNumber;
  return { batchItemFailures: firstLeft === undefined ? [] : [{ itemIdentifier: firstLeft }] };
}
