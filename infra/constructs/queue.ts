import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * The longest poll that there is: whoever asks an empty queue waits for a message, and asks less
 * often.
 */
const LONG_POLL = Duration.seconds(20);

/** The longest that SQS keeps a message: none is lost in silence before it is a dead letter. */
const RETENTION = Duration.days(14);

type WorkQueueInput = {
  readonly name: string;
  /** Timeout of the function that takes from it. */
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly deadLetters: sqs.Queue;
  /** Makes it a FIFO queue, whose messages all wait this long. */
  readonly fifo?: { readonly delaySeconds: number };
};

/** A queue for one function. What is received too often goes to the dead letters. */
export function createWorkQueue(scope: Construct, input: WorkQueueInput): sqs.Queue {
  const { fifo } = input;
  return new sqs.Queue(scope, `${input.name}-queue`, {
    // Lambda may hold a message through retries of throttled invocations; six timeouts is what AWS
    // asks for.
    visibilityTimeout: Duration.seconds(6 * input.timeoutSeconds),
    receiveMessageWaitTime: LONG_POLL,
    retentionPeriod: RETENTION,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    deadLetterQueue: { queue: input.deadLetters, maxReceiveCount: input.maxReceiveCount },
    ...(fifo !== undefined && {
      fifo: true,
      deliveryDelay: Duration.seconds(fifo.delaySeconds),
      // Thousands of messages a second instead of 300: lanes know nothing of each other.
      deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }),
  });
}
