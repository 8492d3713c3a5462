import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

/** The longest that SQS keeps a message. */
const DEAD_LETTER_RETENTION = Duration.days(14);

/** Dead letters wait here for a person, and ring. */
export function createDeadLetterQueue(
  scope: Construct,
  name: string,
  alarms: Alarms,
  kind: 'standard' | 'fifo' = 'standard',
): sqs.Queue {
  const queue = new sqs.Queue(scope, `${name}-dead-letters`, {
    ...(kind === 'fifo' && { fifo: true }),
    retentionPeriod: DEAD_LETTER_RETENTION,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is itself the end of the line: of a queue, a rule or a stream mapping.',
  });
  alarms.onDeadLetters(name, queue);
  return queue;
}

type WorkQueueInput = {
  readonly name: string;
  /** Timeout of the function that takes from it. */
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly alarms: Alarms;
  /** Makes it a FIFO queue, whose messages all wait this long. */
  readonly lanes?: { readonly delaySeconds: number };
};

/** A queue for one function, and the dead letter queue behind it. */
export function createWorkQueue(scope: Construct, input: WorkQueueInput) {
  const { lanes } = input;
  const kind = lanes === undefined ? 'standard' : 'fifo';
  const deadLetters = createDeadLetterQueue(scope, input.name, input.alarms, kind);
  const queue = new sqs.Queue(scope, `${input.name}-queue`, {
    // Lambda may hold a message through retries of throttled invocations; six timeouts is what AWS asks for.
    visibilityTimeout: Duration.seconds(6 * input.timeoutSeconds),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: input.maxReceiveCount },
    ...(lanes !== undefined && {
      fifo: true,
      deliveryDelay: Duration.seconds(lanes.delaySeconds),
      // Thousands of messages a second instead of 300: lanes know nothing of each other.
      deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }),
  });
  input.alarms.onOldestMessage(input.name, queue);
  return { queue, deadLetters };
}
