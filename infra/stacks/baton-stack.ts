import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ENV } from '../../shared/env.ts';
import { createAlarms } from '../constructs/alarms.ts';
import { createApi } from '../constructs/api.ts';
import { createBus } from '../constructs/bus.ts';
import { createCache } from '../constructs/cache.ts';
import { createConsumer } from '../constructs/consumer.ts';
import { createDashboard } from '../constructs/dashboard.ts';
import { createDeadLetters } from '../constructs/dead-letters.ts';
import { createFifoQueue, type FifoQueue } from '../constructs/fifo-queue.ts';
import { createFunction } from '../constructs/function.ts';
import { stageMetrics } from '../constructs/metrics.ts';
import { createNetwork } from '../constructs/network.ts';
import { createOutbox } from '../constructs/outbox.ts';
import { createSavedQueries } from '../constructs/saved-queries.ts';
import { createSchedules } from '../constructs/schedule.ts';
import { createSecrets } from '../constructs/secrets.ts';
import { createTable } from '../constructs/table.ts';
import { createWakeQueue, type WakeQueue } from '../constructs/wake-queue.ts';
import type { FunctionSpec, Use } from '../function-spec.ts';
import { type FifoWorker, FUNCTIONS, type QueueWorker } from '../functions.ts';
import type { DeadLetterQueues, StageParameter } from '../stage-parameters.ts';
import { type StageSettings, stageName } from '../stages.ts';

type BatonInput = {
  readonly settings: StageSettings;
  /** The folder of the functions' bundles. */
  readonly bundles: string;
};

/** All of one stage: the catalog's functions, what they are bound to and what makes them run. */
export function createBatonStack(app: App, { settings, bundles }: BatonInput): Stack {
  const stack = new Stack(app, stageName(settings), {
    description: `Baton, stage ${settings.name}: issue assignment and project lifecycle`,
    terminationProtection: settings.removal === 'retain',
    tags: { application: 'baton', stage: settings.name },
  });
  const network = settings.cache.mode === 'vpc' ? createNetwork(stack) : undefined;
  const table = createTable(stack, settings);
  const cache = createCache(stack, settings, network);
  const bus = createBus(stack, settings);
  const deadLetters = createDeadLetters(stack);
  const schedules = createSchedules(stack, settings, deadLetters);
  const secrets = createSecrets(settings);
  // Before the functions: some send to queues that others work on.
  const fifoQueues = Object.fromEntries(
    Object.entries<FunctionSpec>(FUNCTIONS).flatMap(([name, spec]) =>
      spec.trigger.kind === 'fifo'
        ? [[name, createFifoQueue(stack, { name, spec, trigger: spec.trigger, settings })]]
        : [],
    ),
  ) as Record<FifoWorker, FifoQueue>;
  const wakeQueues = Object.fromEntries(
    Object.entries<FunctionSpec>(FUNCTIONS).flatMap(([name, spec]) =>
      spec.trigger.kind === 'queue'
        ? [
            [
              name,
              createWakeQueue(stack, { name, spec, trigger: spec.trigger, settings, deadLetters }),
            ],
          ]
        : [],
    ),
  ) as Record<QueueWorker, WakeQueue>;

  const bindings: Record<Use, (fn: lambda.Function) => void> = {
    cache: (fn) => cache.bind(fn),
    bus: (fn) => bus.bind(fn),
    'secrets:read': (fn) => secrets.bind(fn, 'read'),
    'secrets:write': (fn) => secrets.bind(fn, 'write'),
    'secrets:delete': (fn) => secrets.bindDeletion(fn),
    'fifo:sync-outbound': (fn) => fifoQueues['sync-outbound'].bindSender(fn, ENV.outboundQueue),
    'fifo:sync-inbound': (fn) => fifoQueues['sync-inbound'].bindSender(fn, ENV.inboundQueue),
    'queue:webhook-delivery': (fn) =>
      wakeQueues['webhook-delivery'].bindSender(fn, ENV.webhookQueue),
    backoff: (fn) => void fn.addEnvironment(ENV.syncBackoff, settings.syncBackoff),
    'operation pace': (fn) => {
      fn.addEnvironment(ENV.operationWrites, String(settings.operations.writesPerSecond));
      fn.addEnvironment(ENV.operationWorkers, String(settings.consumerConcurrency));
    },
  };
  const functions: Record<string, lambda.Function> = {};
  const queues: Record<string, sqs.Queue> = {};
  for (const [name, spec] of Object.entries<FunctionSpec>(FUNCTIONS)) {
    const ownNetwork = spec.uses.includes('cache') ? network : undefined;
    const fn = createFunction(stack, {
      name,
      spec,
      settings,
      bundles,
      network: ownNetwork,
    });
    table.bind(fn, spec.table);
    for (const use of spec.uses) {
      bindings[use](fn);
    }
    functions[name] = fn;
    const { trigger } = spec;
    switch (trigger.kind) {
      case 'bus':
        queues[name] = createConsumer(stack, {
          name,
          fn,
          spec,
          trigger,
          settings,
          network: ownNetwork,
          bus,
          deadLetters,
        });
        break;
      case 'outbox':
        createOutbox({ fn, table: table.table, deadLetters });
        break;
      case 'fifo':
        fifoQueues[name as FifoWorker].bindWorker(fn);
        queues[name] = fifoQueues[name as FifoWorker].queue;
        break;
      case 'queue':
        wakeQueues[name as QueueWorker].bindWorker(fn);
        fn.addEnvironment(ENV.webhookAttempts, settings.webhookAttempts);
        queues[name] = wakeQueues[name as QueueWorker].queue;
        break;
      case 'schedule':
        schedules.run(fn, trigger);
        break;
      case 'routes':
      case 'authorizer':
        // The API names these itself, once all functions are there.
        break;
    }
  }
  const { url } = createApi(stack, { settings, functions });
  const metrics = stageMetrics({
    settings,
    functions,
    queues,
    deadLetters: {
      'dead-letters': deadLetters.received,
      undelivered: deadLetters.undelivered,
      ...Object.fromEntries(
        Object.entries(fifoQueues).map(([name, { deadLetters }]) => [name, deadLetters]),
      ),
    },
    tableName: table.table.tableName,
  });
  const alarms = createAlarms(stack, settings, metrics);
  if (settings.dashboard) {
    createDashboard(stack, settings, metrics);
  }
  createSavedQueries(stack, settings, functions);

  publish(stack, settings, 'table', table.table.tableName);
  publish(stack, settings, 'bus', bus.bus.eventBusName);
  const whereDeadLettersAre: DeadLetterQueues = {
    'dead-letters': { url: deadLetters.received.queueUrl },
    undelivered: { url: deadLetters.undelivered.queueUrl },
    ...Object.fromEntries(
      Object.entries(fifoQueues).map(([name, { queue, deadLetters }]) => [
        `${name}-dead-letters`,
        { url: deadLetters.queueUrl, to: queue.queueArn },
      ]),
    ),
  };
  publish(stack, settings, 'dead-letters', JSON.stringify(whereDeadLettersAre));
  publish(stack, settings, 'url', url);
  new CfnOutput(stack, 'Url', { value: url, description: 'The URL of Sentry, for its clients' });
  new CfnOutput(stack, 'AlarmTopic', { value: alarms.topic.topicArn });
  new CfnOutput(stack, 'ProducerPolicy', {
    value: bus.producerPolicyArn,
    description: 'Attach it to the role of whoever puts group.seen on the bus',
  });
  return stack;
}

/**
 * Puts a name or an address where the seed, admin and smoke commands find it by the name of the
 * stage alone.
 */
function publish(stack: Stack, settings: StageSettings, name: StageParameter, value: string): void {
  new StringParameter(stack, `${name}-parameter`, {
    parameterName: `/baton/${settings.name}/${name}`,
    stringValue: value,
  });
}
