import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { type StageSettings, stageName } from '../stages.ts';
import { tableIndexes } from '../table-indexes.ts';

/** The finest period that the services report for free. */
export const METRIC_PERIOD = Duration.minutes(1);

/** The resources of a stage that alarms and the dashboard watch. */
export type Watched = {
  readonly settings: StageSettings;
  readonly functions: Readonly<Record<string, lambda.Function>>;
  /** Queues of work, by the function that consumes them. */
  readonly queues: Readonly<Record<string, sqs.Queue>>;
  /** Queues of dead letters, by their construct id. */
  readonly deadLetters: Readonly<Record<string, sqs.Queue>>;
  readonly tableName: string;
};

type Statistic = 'Sum' | 'Average' | 'Maximum' | 'p50' | 'p99';

/** The metrics of a stage, with one value for each minute. */
export function stageMetrics({ settings, functions, queues, deadLetters, tableName }: Watched) {
  const stage = stageName(settings);
  const metric = (
    namespace: string,
    metricName: string,
    dimensionsMap: Record<string, string>,
    statistic: Statistic,
  ): cloudwatch.IMetric =>
    new cloudwatch.Metric({
      namespace,
      metricName,
      dimensionsMap,
      statistic,
      period: METRIC_PERIOD,
    });
  const api = (name: string, statistic: Statistic) =>
    metric('AWS/ApiGateway', name, { ApiName: stage, Stage: 'api' }, statistic);
  const table = (name: string, index?: string) =>
    metric(
      'AWS/DynamoDB',
      name,
      { TableName: tableName, ...(index && { GlobalSecondaryIndexName: index }) },
      'Sum',
    );
  const cache = (name: string, statistic: Statistic) =>
    metric('AWS/ElastiCache', name, { ServerlessCacheName: stage }, statistic);
  const scheduler = (name: string) =>
    metric('AWS/Scheduler', name, { ScheduleGroup: stage }, 'Sum');
  const fn = (name: string, metricName: string, statistic: Statistic) =>
    metric(
      'AWS/Lambda',
      metricName,
      { FunctionName: functionNamed(functions, name).functionName },
      statistic,
    );
  const queue = (from: sqs.Queue, name: string) =>
    metric('AWS/SQS', name, { QueueName: from.queueName }, 'Maximum');
  const ofQueues = (of: Readonly<Record<string, sqs.Queue>>, name: string) =>
    Object.values(of).map((one) => queue(one, name));

  return {
    requests: api('Count', 'Sum'),
    serverErrors: api('5XXError', 'Sum'),
    clientErrors: api('4XXError', 'Sum'),
    latencyP50: api('Latency', 'p50'),
    latencyP99: api('Latency', 'p99'),
    tableThrottles: [
      table('ReadThrottleEvents'),
      table('WriteThrottleEvents'),
      ...tableIndexes().flatMap(({ name }) => [
        table('ReadThrottleEvents', name),
        table('WriteThrottleEvents', name),
      ]),
    ],
    tableConflicts: table('TransactionConflict'),
    tableUnits: [table('ConsumedReadCapacityUnits'), table('ConsumedWriteCapacityUnits')],
    cacheThrottles: cache('ThrottledCmds', 'Sum'),
    cacheUnits: cache('ElastiCacheProcessingUnits', 'Sum'),
    cacheBytes: cache('BytesUsedForCache', 'Maximum'),
    schedulesFailed: [scheduler('InvocationDroppedCount'), scheduler('TargetErrorCount')],
    eventsPut: metric('AWS/Events', 'MatchedEvents', { EventBusName: stage }, 'Sum'),
    relayLagMs: fn('outbox-relay', 'IteratorAge', 'Maximum'),
    queueAges: ofQueues(queues, 'ApproximateAgeOfOldestMessage'),
    deadLetters: ofQueues(deadLetters, 'ApproximateNumberOfMessagesVisible'),
    queueAge: (name: string): cloudwatch.IMetric => {
      const found = queues[name];
      if (found === undefined) {
        throw new Error(`No queue is taken from by ${name}.`);
      }
      return queue(found, 'ApproximateAgeOfOldestMessage');
    },
    functionErrors: (name: string) => fn(name, 'Errors', 'Sum'),
    functionThrottles: (name: string) => fn(name, 'Throttles', 'Sum'),
    functionDuration: (name: string) => fn(name, 'Duration', 'p99'),
    functionConcurrency: (name: string) => fn(name, 'ConcurrentExecutions', 'Maximum'),
    /** A metric that the functions emit. */
    counted: (name: string, dimensions: Record<string, string> = {}, statistic?: Statistic) =>
      metric(
        'Baton',
        name,
        { service: 'baton', stage: settings.name, ...dimensions },
        statistic ?? 'Sum',
      ),
  };
}

/** A stage's metrics. */
export type StageMetrics = ReturnType<typeof stageMetrics>;

function functionNamed(
  functions: Readonly<Record<string, lambda.Function>>,
  name: string,
): lambda.Function {
  const fn = functions[name];
  if (fn === undefined) {
    throw new Error(`The stack has no function ${name} to watch.`);
  }
  return fn;
}
