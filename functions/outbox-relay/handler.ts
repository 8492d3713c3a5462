import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { createPutEvents } from '../../shared/messages/bus.ts';
import { lagSeconds, relayEvents } from '../../shared/operations/outbox/relay-events.ts';
import { wireBus, wireTelemetry } from '../../shared/wiring.ts';

const { log, count } = wireTelemetry();
const bus = wireBus();
const putEvents = createPutEvents(bus.client, bus.name);

/**
 * Puts on the bus what transactions have recorded. The stream hands over inserted event records
 * only.
 */
export async function handler(
  { Records }: DynamoDBStreamEvent,
  context: Context,
): Promise<DynamoDBBatchResponse> {
  log.begin(context);
  const relayed = await relayEvents({ putEvents, log, count }, Records.map(eventOf));
  const lag = lagSeconds(Records[0]?.dynamodb?.ApproximateCreationDateTime, Date.now());
  if (lag > 0) {
    count('outbox.lag_seconds', {}, lag);
  }
  const firstLeft = Records[relayed]?.dynamodb?.SequenceNumber;
  return { batchItemFailures: firstLeft === undefined ? [] : [{ itemIdentifier: firstLeft }] };
}

/** Null for a record that holds no event. */
function eventOf({ dynamodb }: DynamoDBRecord) {
  const type = dynamodb?.NewImage?.detailType?.S;
  const detail = dynamodb?.NewImage?.detail?.S;
  return type === undefined || detail === undefined ? null : { type, detail };
}
