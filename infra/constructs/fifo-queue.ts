import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { ENV, type EnvName } from '../../shared/env.ts';
import type { FifoTrigger, FunctionSpec } from '../functions.ts';
import type { StageSettings } from '../stages.ts';
import { createDeadLetterQueue } from './dead-letters.ts';
import { createWorkQueue } from './queue.ts';

type FifoQueueInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly trigger: FifoTrigger;
  readonly settings: StageSettings;
};

/** A FIFO queue between those who send to it and the one function that works on it. */
export function createFifoQueue(scope: Construct, input: FifoQueueInput) {
  const { name, spec, trigger, settings } = input;
  // Its worker leaves messages there itself, so the queue alone says whose they are.
  const deadLetters = createDeadLetterQueue(scope, `${name}-dead-letters`, 'fifo');
  const queue = createWorkQueue(scope, {
    name,
    timeoutSeconds: spec.timeoutSeconds,
    maxReceiveCount: trigger.maxReceiveCount,
    deadLetters,
    fifo: { delaySeconds: trigger.delaySeconds },
  });

  return {
    queue,
    deadLetters,
    /** Tells a function where the queue is, under this name, and lets it send. */
    bindSender(fn: lambda.Function, variable: EnvName): void {
      fn.addEnvironment(variable, queue.queueUrl);
      queue.grantSendMessages(fn);
    },
    /**
     * Makes the function work on the queue, one message at a time, and lets it give up what is
     * hopeless.
     */
    bindWorker(fn: lambda.Function): void {
      fn.addEnvironment(ENV.queue, queue.queueUrl);
      fn.addEnvironment(ENV.deadLetterQueue, deadLetters.queueUrl);
      fn.addEnvironment(ENV.syncBackoff, settings.syncBackoff);
      deadLetters.grantSendMessages(fn);
      fn.addEventSource(
        new SqsEventSource(queue, {
          batchSize: 1,
          reportBatchItemFailures: true,
          maxConcurrency: settings.consumerConcurrency,
        }),
      );
    },
  };
}

/** A FIFO queue and its bindings. */
export type FifoQueue = ReturnType<typeof createFifoQueue>;
