import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * The grants of the CDK come with `GetQueueUrl` and more that nobody calls: a queue's URL is told
 * to whoever sends to it.
 */
function grant(to: iam.IGrantable, queue: sqs.IQueue, ...operations: readonly string[]): void {
  to.grantPrincipal.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: operations.map((operation) => `sqs:${operation}`),
      resources: [queue.queueArn],
    }),
  );
}

/** Lets a function, or a service's role, send to a queue. */
export function grantSend(to: iam.IGrantable, queue: sqs.IQueue): void {
  grant(to, queue, 'SendMessage');
}

/** Lets a function say when a message of its queue is shown again. */
export function grantHide(to: iam.IGrantable, queue: sqs.IQueue): void {
  grant(to, queue, 'ChangeMessageVisibility');
}

/**
 * Where Lambda leaves what a function did not get done, of a stream or of an invocation that nobody
 * waits for; it does so with the rights of the function.
 */
export function leaveIn(queue: sqs.IQueue, fn: lambda.IFunction) {
  return {
    bind() {
      grantSend(fn, queue);
      return { destination: queue.queueArn };
    },
  };
}

type TakeOptions = {
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly batchingWindow?: Duration;
};

/**
 * Makes a function work on a queue, message by message: Lambda takes them with the rights of the
 * function.
 */
export function takeFrom(fn: lambda.Function, queue: sqs.IQueue, options: TakeOptions): void {
  grant(fn, queue, 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage');
  fn.addEventSourceMapping('queue-mapping', {
    eventSourceArn: queue.queueArn,
    batchSize: options.batchSize,
    maxConcurrency: options.maxConcurrency,
    reportBatchItemFailures: true,
    ...(options.batchingWindow !== undefined && { maxBatchingWindow: options.batchingWindow }),
  });
}
