import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { DeadLetters } from './dead-letters.ts';
import { leaveIn } from './queue-rights.ts';

/**
 * The stream keeps records for 24 hours. The mapping gives up earlier, so that records behind one
 * that always fails are still delivered.
 */
const MAX_RECORD_AGE = Duration.hours(6);

/** Ten calls of PutEvents with ten entries each. */
const BATCH_SIZE = 100;

/** Batches of a shard at the same time; the records of one outbox partition stay in order. */
const BATCHES_A_SHARD = 4;

/** With Lambda's growing pauses these retries outlast a short outage of the bus. */
const RETRY_ATTEMPTS = 20;

type OutboxInput = {
  readonly fn: lambda.Function;
  readonly table: dynamodb.TableV2;
  readonly deadLetters: DeadLetters;
};

/**
 * Table stream -> relay, for new outbox records only: an expired record is a REMOVE, and not an
 * event. TRIM_HORIZON, because LATEST would miss records that are written while a deployment
 * creates the mapping. A record that always fails would block its shard, so the batch is halved,
 * retried and given up. Its position is then in the dead letter queue; the record is still in the
 * table and can be replayed.
 */
export function createOutbox({ fn, table, deadLetters }: OutboxInput): void {
  fn.addEventSource(
    new DynamoEventSource(table as dynamodb.ITable, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      parallelizationFactor: BATCHES_A_SHARD,
      filters: [
        lambda.FilterCriteria.filter({
          eventName: lambda.FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { entity: { S: lambda.FilterRule.isEqual('outbox') } } },
        }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRY_ATTEMPTS,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: leaveIn(deadLetters.undelivered, fn),
    }),
  );
}
