import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV, type EnvName } from '../../shared/env.ts';
import type { FifoTrigger, FunctionSpec } from '../function-spec.ts';
import type { StageSettings } from '../stages.ts';
import { createDeadLetterQueue } from './dead-letters.ts';
import { createWorkQueue } from './queue.ts';
import { grantHide, grantSend, takeFrom } from './queue-rights.ts';

type FifoQueueInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly trigger: FifoTrigger;
  readonly settings: StageSettings;
};

/** A FIFO queue with its senders and its one worker. */
export function createFifoQueue(scope: Construct, input: FifoQueueInput) {
  const { name, spec, trigger, settings } = input;
  // Its own queue of dead letters: the worker sends messages there itself, so only the queue tells
  // where they came from.
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
    /**
     * Sets the queue's URL in the function's environment under this name, and lets the function
     * send.
     */
    bindSender(fn: lambda.Function, variable: EnvName): void {
      fn.addEnvironment(variable, queue.queueUrl);
      grantSend(fn, queue);
    },
    /** Makes the function the worker, one message at a time, and lets it send dead letters. */
    bindWorker(fn: lambda.Function): void {
      fn.addEnvironment(ENV.queue, queue.queueUrl);
      fn.addEnvironment(ENV.deadLetterQueue, deadLetters.queueUrl);
      fn.addEnvironment(ENV.syncBackoff, settings.syncBackoff);
      grantSend(fn, deadLetters);
      grantHide(fn, queue);
      takeFrom(fn, queue, { batchSize: 1, maxConcurrency: settings.consumerConcurrency });
    },
  };
}

/** A FIFO queue and its bindings. */
export type FifoQueue = ReturnType<typeof createFifoQueue>;
