import type { Functions } from '../lambda/functions.ts';
import type { Queue } from '../queues/queue.ts';
import type { InFlight } from '../services/in-flight.ts';
import type { Observe } from '../services/observation.ts';
import type { MappingProperties } from './definitions.ts';
import { arnOf, type Deployed, type Deployment } from './deployment.ts';
import { refusal } from './template.ts';

/** What the parts need that the template connects to each other. */
export type ConnectionOptions = {
  deployment: Deployment;
  functions: Functions;
  inFlight: InFlight;
  observe: Observe;
  warn: (line: string) => void;
};

/** The queues of the stack, by ARN. */
export type Queues = ReadonlyMap<string, Queue>;

/** The enabled event source mappings, of queues and of streams. */
export function mappingsOf(
  deployment: Deployment,
): { deployed: Deployed; mapping: MappingProperties }[] {
  return deployment
    .resourcesOf('AWS::Lambda::EventSourceMapping')
    .map((deployed) => ({ deployed, mapping: deployed.properties as MappingProperties }))
    .filter(({ mapping }) => mapping.Enabled !== false);
}

/** Whether the function reports which items of a batch failed. */
export function reportsItemFailures({ FunctionResponseTypes = [] }: MappingProperties): boolean {
  return FunctionResponseTypes.includes('ReportBatchItemFailures');
}

/** The function of a mapping, which has its name or its ARN. */
export function functionOf(functions: Functions, nameOrArn: string) {
  return functions.get(
    nameOrArn.startsWith('arn:') ? nameOrArn : arnOf('lambda', `function:${nameOrArn}`),
  );
}

/**
 * The queue with this ARN.
 *
 * @throws Error with the path in the template when there is none
 */
export function queueOf(queues: Queues, arn: string, path: string): Queue {
  const queue = queues.get(arn);
  if (!queue) {
    throw refusal(path, `${arn} is not a queue of the stack.`);
  }
  return queue;
}
