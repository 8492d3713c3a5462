import {
  type ConnectionOptions,
  functionOf,
  mappingsOf,
  type Queues,
  queueOf,
  reportsItemFailures,
} from '../template/connections.ts';
import { mappingFilters, queueSettings } from '../template/definitions.ts';
import { LOCAL_ACCOUNT } from '../template/deployment.ts';
import { createQueue, type Queue } from './queue.ts';
import { createQueueMapping } from './queue-mapping.ts';

const DEFAULT_BATCH_SIZE = 10;

/** The queues of the stack, by ARN. */
export function createQueues(
  { deployment, inFlight, observe }: ConnectionOptions,
  sqsEndpoint: string,
): Queues {
  const sources = new Set(mappingsOf(deployment).map(({ mapping }) => mapping.EventSourceArn));
  const queues = new Map<string, Queue>();
  for (const deployed of deployment.resourcesOf('AWS::SQS::Queue')) {
    const { deadLetterArn, ...settings } = queueSettings(deployed, sqsEndpoint, LOCAL_ACCOUNT);
    const deadLetterQueue = deadLetterArn
      ? () => queueOf(queues, deadLetterArn, deployed.path)
      : undefined;
    const isRead = sources.has(settings.arn);
    queues.set(
      settings.arn,
      createQueue({ ...settings, deadLetterQueue, isRead }, inFlight, observe),
    );
  }
  return queues;
}

/** The event source mappings of the queues. */
export function createQueueMappings({ deployment, functions }: ConnectionOptions, queues: Queues) {
  return mappingsOf(deployment)
    .filter(({ mapping }) => queues.has(mapping.EventSourceArn))
    .map(({ deployed, mapping }) => {
      const queue = queueOf(queues, mapping.EventSourceArn, deployed.path);
      return createQueueMapping(queue, functionOf(functions, mapping.FunctionName), {
        batchSize: mapping.BatchSize ?? DEFAULT_BATCH_SIZE,
        windowMs: (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
        maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
        reportsItemFailures: reportsItemFailures(mapping),
        filters: mappingFilters(deployed),
      });
    });
}
