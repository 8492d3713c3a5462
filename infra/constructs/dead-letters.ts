import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

/** A queue of dead letters, for an operator. */
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
 * The two queues of dead letters that everything in a stage shares: an alarm costs money for each
 * queue, and each message names its origin. There are two because SQS can only move back messages
 * that it moved there itself.
 */
export function createDeadLetters(scope: Construct) {
  return {
    /**
     * Messages that a queue gave up after too many receives. `DeadLetterQueueSourceArn` names the
     * queue; SQS can move them back.
     */
    received: createDeadLetterQueue(scope, 'dead-letters'),
    /**
     * Events that a rule, the stream mapping or a schedule could not deliver, and messages that a
     * consumer could not read.
     */
    undelivered: createDeadLetterQueue(scope, 'undelivered'),
  };
}

/** A stage's queues of dead letters. */
export type DeadLetters = ReturnType<typeof createDeadLetters>;
