import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The longest poll of SQS: consumers of an empty queue wait for a message, and poll less often. */
const LONG_POLL = Duration.seconds(20);

/** The longest retention of SQS, so that no message expires silently before it is a dead letter. */
const RETENTION = Duration.days(14);

type WorkQueueInput = {
  readonly name: string;
  /** The timeout of the consumer. */
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly deadLetters: sqs.Queue;
  /** Makes it a FIFO queue with this delay for every message. */
  readonly fifo?: { readonly delaySeconds: number };
};

/** A queue for one function. A message that is received too often becomes a dead letter. */
export function createWorkQueue(scope: Construct, input: WorkQueueInput): sqs.Queue {
  const { fifo } = input;
  return new sqs.Queue(scope, `${input.name}-queue`, {
    // Lambda may hold a message while it retries throttled invocations; AWS recommends six
    // timeouts.
    visibilityTimeout: Duration.seconds(6 * input.timeoutSeconds),
    receiveMessageWaitTime: LONG_POLL,
    retentionPeriod: RETENTION,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    deadLetterQueue: { queue: input.deadLetters, maxReceiveCount: input.maxReceiveCount },
    ...(fifo !== undefined && {
      fifo: true,
      deliveryDelay: Duration.seconds(fifo.delaySeconds),
      // Thousands of messages a second instead of 300: message groups are independent.
      deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }),
  });
}
