import { beforeAll, describe, expect, it } from 'vitest';
import type { BusTrigger, FifoTrigger, FunctionSpec } from '../../infra/function-spec.ts';
import { FUNCTION_NAMES, FUNCTIONS } from '../../infra/functions.ts';
import { ENV } from '../../shared/env.ts';
import { render, synthesize, type Template, target } from './template.ts';

let stack: Template;
let prod: Template;

beforeAll(() => {
  stack = synthesize('alice');
  prod = synthesize('prod');
});

const consumers = FUNCTION_NAMES.flatMap((name) => {
  const spec: FunctionSpec = FUNCTIONS[name];
  return spec.trigger.kind === 'bus' ? [{ name, spec, trigger: spec.trigger as BusTrigger }] : [];
});

const workers = FUNCTION_NAMES.flatMap((name) => {
  const spec: FunctionSpec = FUNCTIONS[name];
  return spec.trigger.kind === 'fifo' ? [{ name, spec, trigger: spec.trigger as FifoTrigger }] : [];
});

/** The mapping of a consumer's function, and the queue that it takes from. */
function mappingOf(name: string) {
  const { id } = stack.functions().get(name) ?? expect.fail(`${name} is not in the stack`);
  const [found] = stack
    .all('AWS::Lambda::EventSourceMapping')
    .filter(([, properties]) => target(properties.FunctionName) === id);
  const mapping = found?.[1] ?? expect.fail(`${name} takes from no queue`);
  const queueId = target(mapping.EventSourceArn);
  return { mapping, queueId, queue: stack.get(queueId).Properties };
}

/** Workers that functions wake through a standard queue. */
const woken = FUNCTION_NAMES.flatMap((name) => {
  const { trigger }: FunctionSpec = FUNCTIONS[name];
  return trigger.kind === 'queue' ? [{ name, trigger }] : [];
});

describe.each(consumers)('the consumer $name', ({ name, spec, trigger }) => {
  it('hears its events through a rule on its own queue', () => {
    const { queueId } = mappingOf(name);
    const rules = stack
      .all('AWS::Events::Rule')
      .filter(([, rule]) =>
        rule.Targets.some((to: { Arn: unknown }) => target(to.Arn) === queueId),
      );
    expect(rules).toHaveLength(1);
    expect(rules[0]?.[1]).toMatchObject({
      State: 'ENABLED',
      EventPattern: { source: [trigger.source], 'detail-type': trigger.detailTypes },
    });
    expect(rules[0]?.[1].EventPattern.detail).toEqual(trigger.detail);
    expect(render(rules[0]?.[1].EventBusName)).toMatch(/^<bus\w+>$/);
  });

  it('reports failures message by message', () => {
    expect(mappingOf(name).mapping).toMatchObject({
      BatchSize: trigger.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('holds a message for six of its timeouts', () => {
    expect(mappingOf(name).queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * spec.timeoutSeconds);
  });

  it('gives up after five receives and keeps what it gave up for two weeks', () => {
    const { RedrivePolicy } = mappingOf(name).queue;
    expect(RedrivePolicy.maxReceiveCount).toBe(trigger.maxReceiveCount ?? 5);
    const deadLetters = stack.get(target(RedrivePolicy.deadLetterTargetArn)).Properties;
    expect(deadLetters.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
  });

  it('keeps a message for longer than it takes to give it up', () => {
    const { queue } = mappingOf(name);
    const patienceSeconds = queue.RedrivePolicy.maxReceiveCount * queue.VisibilityTimeout;
    expect(queue.MessageRetentionPeriod).toBeGreaterThan(patienceSeconds);
  });

  it('lets the rule send to its queue, and leave with the undelivered what cannot be sent', () => {
    const { queueId } = mappingOf(name);
    const [rule] = stack
      .all('AWS::Events::Rule')
      .filter(([, { Targets }]) => target(Targets[0].Arn) === queueId);
    const undelivered = target(rule?.[1].Targets[0].DeadLetterConfig.Arn);
    expect(stack.get(undelivered).Properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
    for (const id of [queueId, undelivered]) {
      expect(sendersTo(id)).toContain(`<${rule?.[0]}.Arn>`);
    }
  });

  it('knows its queue, and where messages go that it cannot read, but in a VPC, where it reaches no queue', () => {
    const variables = stack.functions().get(name)?.properties.Environment.Variables;
    const [rule] = stack
      .all('AWS::Events::Rule')
      .filter(([, { Targets }]) => target(Targets[0].Arn) === mappingOf(name).queueId);
    const undelivered = target(rule?.[1].Targets[0].DeadLetterConfig.Arn);
    expect(target(variables[ENV.deadLetterQueue])).toBe(undelivered);
    expect(target(variables[ENV.queue])).toBe(mappingOf(name).queueId);
    const inProd = prod.functions().get(name)?.properties;
    const isInVpc = inProd.VpcConfig !== undefined;
    expect(isInVpc).toBe(spec.uses.includes('cache'));
    expect(ENV.deadLetterQueue in inProd.Environment.Variables).toBe(!isInVpc);
  });
});

describe.each(workers)('the worker $name', ({ name, spec, trigger }) => {
  it('takes one message at a time from a FIFO queue whose message groups know nothing of each other', () => {
    const { mapping, queue } = mappingOf(name);
    expect(mapping).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(queue).toMatchObject({
      FifoQueue: true,
      DelaySeconds: trigger.delaySeconds,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * spec.timeoutSeconds);
  });

  it('has FIFO dead letters, which it knows and may send to', () => {
    const { queueId, queue } = mappingOf(name);
    const deadLetters = target(queue.RedrivePolicy.deadLetterTargetArn);
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(100);
    expect(stack.get(deadLetters).Properties.FifoQueue).toBe(true);
    const variables = stack.functions().get(name)?.properties.Environment.Variables;
    expect(target(variables.BATON_QUEUE_URL)).toBe(queueId);
    expect(target(variables.BATON_DEAD_LETTER_QUEUE_URL)).toBe(deadLetters);
  });
});

/** The ARNs for which a queue's policy lets EventBridge send. */
function sendersTo(queueId: string): string[] {
  return stack
    .all('AWS::SQS::QueuePolicy')
    .filter(([, policy]) => policy.Queues.some((queue: unknown) => target(queue) === queueId))
    .flatMap(([, policy]) => policy.PolicyDocument.Statement)
    .filter(
      (statement) =>
        statement.Effect === 'Allow' && statement.Principal.Service === 'events.amazonaws.com',
    )
    .map((statement) => render(statement.Condition.ArnEquals['aws:SourceArn']));
}

describe('every queue of work', () => {
  it('is asked in long polls, by no more invocations at a time than the stage allows', () => {
    const mappings = stack
      .all('AWS::Lambda::EventSourceMapping')
      .filter(([, { EventSourceArn }]) => render(EventSourceArn).endsWith('.Arn>'));
    expect(mappings).toHaveLength(consumers.length + workers.length + woken.length);
    for (const [id, { EventSourceArn, ScalingConfig }] of mappings) {
      const least = woken.find(({ name }) => id.startsWith(name.replaceAll('-', '')))?.trigger;
      const most = Math.max(2, least?.leastConcurrency ?? 0);
      expect(ScalingConfig, id).toEqual({ MaximumConcurrency: most });
      const queue = stack.get(target(EventSourceArn)).Properties;
      expect(queue.ReceiveMessageWaitTimeSeconds, id).toBe(20);
    }
  });
});

describe('every queue', () => {
  it('is encrypted and refuses plain connections', () => {
    const queues = stack.all('AWS::SQS::Queue');
    expect(queues.length).toBeGreaterThanOrEqual(5);
    for (const [id, queue] of queues) {
      expect(queue.SqsManagedSseEnabled, id).toBe(true);
      const denied = stack
        .all('AWS::SQS::QueuePolicy')
        .filter(([, policy]) => target(policy.Queues[0]) === id)
        .flatMap(([, policy]) => policy.PolicyDocument.Statement)
        .filter((statement) => statement.Effect === 'Deny');
      expect(denied[0]?.Condition, id).toEqual({ Bool: { 'aws:SecureTransport': 'false' } });
    }
  });

  it('is taken from within the limits of SQS: no window on FIFO, none missing beyond ten', () => {
    const mappings = stack
      .all('AWS::Lambda::EventSourceMapping')
      .filter(([, mapping]) => render(mapping.EventSourceArn).endsWith('.Arn>'));
    expect(mappings).toHaveLength(consumers.length + workers.length + woken.length);
    for (const [id, mapping] of mappings) {
      const fifo = stack.get(target(mapping.EventSourceArn)).Properties.FifoQueue === true;
      const window = mapping.MaximumBatchingWindowInSeconds ?? 0;
      if (fifo) {
        expect(window, id).toBe(0);
      }
      if (mapping.BatchSize > 10) {
        expect(window, id).toBeGreaterThan(0);
      }
    }
  });
});
