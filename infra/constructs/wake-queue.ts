import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV, type EnvName } from '../../shared/env.ts';
import type { FunctionSpec, QueueTrigger } from '../function-spec.ts';
import type { StageSettings } from '../stages.ts';
import type { DeadLetters } from './dead-letters.ts';
import { createWorkQueue } from './queue.ts';
import { grantHide, grantSend, takeFrom } from './queue-rights.ts';

type WakeQueueInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly trigger: QueueTrigger;
  readonly settings: StageSettings;
  readonly deadLetters: DeadLetters;
};

/**
 * A standard queue that functions wake their worker through: a message names what there is work
 * for, and may be delayed by who sends it.
 */
export function createWakeQueue(scope: Construct, input: WakeQueueInput) {
  const { name, spec, trigger, settings, deadLetters } = input;
  const queue = createWorkQueue(scope, {
    name,
    timeoutSeconds: spec.timeoutSeconds,
    maxReceiveCount: trigger.maxReceiveCount,
    deadLetters: deadLetters.received,
  });

  return {
    queue,
    /** Sets the queue's URL in the function's environment, and lets the function send. */
    bindSender(fn: lambda.Function, variable: EnvName): void {
      fn.addEnvironment(variable, queue.queueUrl);
      grantSend(fn, queue);
    },
    /** Makes the function the worker. */
    bindWorker(fn: lambda.Function): void {
      fn.addEnvironment(ENV.queue, queue.queueUrl);
      fn.addEnvironment(ENV.deadLetterQueue, deadLetters.undelivered.queueUrl);
      grantSend(fn, deadLetters.undelivered);
      grantHide(fn, queue);
      takeFrom(fn, queue, {
        batchSize: trigger.batchSize,
        maxConcurrency: Math.max(trigger.leastConcurrency, settings.consumerConcurrency),
      });
    },
  };
}

/** Such a queue and its bindings. */
export type WakeQueue = ReturnType<typeof createWakeQueue>;
