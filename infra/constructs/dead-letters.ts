import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

/** Dead letters wait here for a person. */
export function createDeadLetterQueue(
  scope: Construct,
  id: string,
  kind: 'standard' | 'fifo' = 'standard',
): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    ...(kind === 'fifo' && { fifo: true }),
    retentionPeriod: RETENTION,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is itself the end of the line: of queues, rules, a stream mapping, schedules.',
  });
  return queue;
}

/**
 * The two queues that all of a stage shares: an alarm costs by the queue, and each message says
 * where it comes from. They are two because SQS can move back only what it has moved there itself.
 */
export function createDeadLetters(scope: Construct) {
  return {
    /**
     * What a queue gave up after too many receives. `DeadLetterQueueSourceArn` names the queue; SQS
     * moves it back.
     */
    received: createDeadLetterQueue(scope, 'dead-letters'),
    /**
     * What a rule, the stream mapping or a schedule could not deliver, and what a consumer could
     * not read.
     */
    undelivered: createDeadLetterQueue(scope, 'undelivered'),
  };
}

/** A stage's queues of dead letters. */
export type DeadLetters = ReturnType<typeof createDeadLetters>;
