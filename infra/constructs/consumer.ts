import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { BusTrigger, FunctionSpec } from '../function-spec.ts';
import type { StageSettings } from '../stages.ts';
import type { Bus } from './bus.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Network } from './network.ts';
import { createWorkQueue } from './queue.ts';
import { grantHide, grantSend, takeFrom } from './queue-rights.ts';

const DEFAULT_MAX_RECEIVE_COUNT = 5;

type ConsumerInput = {
  readonly name: string;
  readonly fn: lambda.Function;
  readonly spec: FunctionSpec;
  readonly trigger: BusTrigger;
  readonly settings: StageSettings;
  /** The VPC of the function; undefined outside of one. */
  readonly network: Network | undefined;
  readonly bus: Bus;
  readonly deadLetters: DeadLetters;
};

/**
 * Bus rule -> queue -> function. The queue absorbs bursts and retries each message
 * (`ReportBatchItemFailures`). Messages that fail too often, and events that the rule cannot
 * deliver, become dead letters.
 */
export function createConsumer(scope: Construct, input: ConsumerInput): sqs.Queue {
  const { name, fn, spec, trigger, settings, network, bus, deadLetters } = input;
  const queue = createWorkQueue(scope, {
    name,
    timeoutSeconds: spec.timeoutSeconds,
    maxReceiveCount: trigger.maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT,
    deadLetters: deadLetters.received,
  });
  new events.Rule(scope, `${name}-rule`, {
    eventBus: bus.bus,
    eventPattern: {
      source: [trigger.source],
      detailType: [...trigger.detailTypes],
      ...(trigger.detail !== undefined && { detail: trigger.detail }),
    },
    targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters.undelivered })],
  });
  // Functions in a VPC cannot call SQS. There the queue itself gives up unreadable messages, and
  // failed ones become visible after the visibility timeout.
  if (network === undefined) {
    fn.addEnvironment(ENV.queue, queue.queueUrl);
    fn.addEnvironment(ENV.deadLetterQueue, deadLetters.undelivered.queueUrl);
    grantSend(fn, deadLetters.undelivered);
    grantHide(fn, queue);
  }
  takeFrom(fn, queue, {
    batchSize: trigger.batchSize,
    maxConcurrency: settings.consumerConcurrency,
    ...(trigger.batchingWindowSeconds !== undefined && {
      batchingWindow: Duration.seconds(trigger.batchingWindowSeconds),
    }),
  });
  return queue;
}
