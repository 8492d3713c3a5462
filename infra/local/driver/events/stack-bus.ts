import { type ConnectionOptions, type Queues, queueOf } from '../template/connections.ts';
import { LOCAL_ACCOUNT } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';
import { type Bus, createBus, type Rule, type Target } from './bus.ts';
import { compilePattern } from './pattern.ts';

const DEFAULT_RETRY_ATTEMPTS = 2;

/** The bus of the stack, with its rules. */
export function createStackBus(
  { deployment, functions, inFlight, observe, warn }: ConnectionOptions,
  queues: Queues,
): Bus {
  const [bus, ...others] = deployment.resourcesOf('AWS::Events::EventBus');
  if (!bus || others.length > 0) {
    throw new Error('The template must have exactly one event bus.');
  }
  const retries = new Map(
    deployment
      .resourcesOf('AWS::Lambda::EventInvokeConfig')
      .map(({ properties: { FunctionName, MaximumRetryAttempts } }) => [
        String(FunctionName),
        Number(MaximumRetryAttempts ?? DEFAULT_RETRY_ATTEMPTS),
      ]),
  );

  const toTarget = (target: Record<string, unknown>, path: string): Target => {
    const arn = String(target.Arn);
    if (functions.has(arn)) {
      const name = arn.split(':').at(-1) ?? '';
      return {
        kind: 'function',
        target: functions.get(arn),
        maxRetryAttempts: retries.get(name) ?? retries.get(arn) ?? DEFAULT_RETRY_ATTEMPTS,
      };
    }
    const parameters = target.SqsParameters as { MessageGroupId?: string } | undefined;
    const queue = queueOf(queues, arn, `${path}.Arn`);
    if (queue.fifo && !(parameters?.MessageGroupId && queue.contentBasedDeduplication)) {
      throw refusal(path, 'a FIFO target needs a group id and content-based deduplication.');
    }
    return { kind: 'queue', queue, groupId: parameters?.MessageGroupId };
  };

  const rules = deployment
    .resourcesOf('AWS::Events::Rule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ name, path, properties }): Rule => {
      const { EventBusName, EventPattern, Targets } = properties;
      if (EventBusName !== bus.name && EventBusName !== bus.arn) {
        throw refusal(`${path}.EventBusName`, `${String(EventBusName)} is not the stack's bus.`);
      }
      return {
        name,
        matches: compilePattern(EventPattern, `${path}.EventPattern`),
        targets: ((Targets ?? []) as Record<string, unknown>[]).map((target, index) =>
          toTarget(target, `${path}.Targets[${index}]`),
        ),
      };
    });
  return createBus({
    name: bus.name,
    arn: bus.arn,
    accountId: LOCAL_ACCOUNT,
    rules,
    inFlight,
    observe,
    warn,
  });
}
