import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { ENV, type EnvName } from '../../shared/env.ts';
import type { FunctionSpec, LaneTrigger } from '../functions.ts';
import type { StageSettings } from '../stages.ts';
import type { Alarms } from './alarms.ts';
import { createWorkQueue } from './queue.ts';

type LanesInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly trigger: LaneTrigger;
  readonly settings: StageSettings;
  readonly alarms: Alarms;
};

/** A FIFO queue between those who send to it and the one function that works on it. */
export function createLanes(scope: Construct, input: LanesInput) {
  const { name, spec, trigger, settings, alarms } = input;
  const { queue, deadLetters } = createWorkQueue(scope, {
    name,
    timeoutSeconds: spec.timeoutSeconds,
    maxReceiveCount: trigger.maxReceiveCount,
    alarms,
    lanes: { delaySeconds: trigger.delaySeconds },
  });

  return {
    /** Tells a function where the queue is, under this name, and lets it send. */
    bindSender(fn: lambda.Function, variable: EnvName): void {
      fn.addEnvironment(variable, queue.queueUrl);
      queue.grantSendMessages(fn);
    },
    /** Makes the function work on the queue, one message at a time, and lets it give up what is hopeless. */
    bindWorker(fn: lambda.Function): void {
      fn.addEnvironment(ENV.queue, queue.queueUrl);
      fn.addEnvironment(ENV.deadLetterQueue, deadLetters.queueUrl);
      fn.addEnvironment(ENV.syncBackoff, settings.syncBackoff);
      deadLetters.grantSendMessages(fn);
      fn.addEventSource(new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }));
    },
  };
}

/** A FIFO queue and its bindings. */
export type Lanes = ReturnType<typeof createLanes>;
