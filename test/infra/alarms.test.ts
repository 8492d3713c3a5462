import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/functions.ts';
import {
  evaluatePolicy,
  type PolicyRequest,
  type Statement,
} from '../../infra/local/driver/access/policy.ts';
import { disabledReasons } from '../../shared/domain/webhooks/endpoint.ts';
import { countedNames, repository } from '../support/product-source.ts';
import { type Resource, render, synthesize, type Template, target } from './template.ts';

const stages = ['alice', 'staging', 'prod'] as const;
const ALARM_TYPES = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
const ACCOUNT = '<AWS::AccountId>';

let templates: Record<(typeof stages)[number], Template>;

beforeAll(() => {
  templates = {
    alice: synthesize('alice'),
    staging: synthesize('staging'),
    prod: synthesize('prod'),
  };
});

type Properties = Resource['Properties'];
type Alarm = {
  id: string;
  name: string;
  rings: boolean;
  description: string;
  properties: Properties;
};

function alarmsOf(stack: Template): Alarm[] {
  return ALARM_TYPES.flatMap((type) => stack.all(type)).map(([id, properties]) => ({
    id,
    name: properties.AlarmName,
    rings: properties.AlarmActions !== undefined,
    description: properties.AlarmDescription,
    properties,
  }));
}

/** The metrics that an alarm looks at, as `namespace/name`. */
function metricsOf({ properties }: Alarm): string[] {
  const metrics = properties.Metrics ?? [{ MetricStat: { Metric: properties } }];
  return metrics.flatMap(({ MetricStat }: Properties) =>
    MetricStat === undefined
      ? []
      : [`${MetricStat.Metric.Namespace}/${MetricStat.Metric.MetricName}`],
  );
}

const publish = (alarm: string, more: Partial<PolicyRequest['context']> = {}): PolicyRequest => ({
  principal: 'service:cloudwatch.amazonaws.com',
  action: 'sns:Publish',
  resource: '<topic>',
  context: {
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': ACCOUNT,
    'aws:SourceArn': `arn:<AWS::Partition>:cloudwatch:<AWS::Region>:${ACCOUNT}:alarm:${alarm}`,
    ...(more as Record<string, string>),
  },
});

/**
 * What the policy of the topic answers to a call; its references written out, the topic as
 * `<topic>`.
 */
function verdict(stack: Template, request: PolicyRequest) {
  const { PolicyDocument, Topics } = stack.only('AWS::SNS::TopicPolicy').Properties;
  const topic = `<${target(Topics[0])}>`;
  const write = (value: unknown) => render(value).replaceAll(topic, '<topic>');
  return evaluatePolicy(PolicyDocument.Statement as Statement[], request, write);
}

describe.each(stages)('the alarms of %s', (stage) => {
  it('that ring may publish to the topic, and are told when it is over too', () => {
    const stack = templates[stage];
    const [[topic] = expect.fail('no topic')] = stack.all('AWS::SNS::Topic');
    const ringing = alarmsOf(stack).filter(({ rings }) => rings);
    expect(ringing.length).toBeGreaterThanOrEqual(3);
    for (const { name, properties } of ringing) {
      expect(properties.AlarmActions.map(target)).toEqual([topic]);
      expect(properties.OKActions.map(target)).toEqual([topic]);
      expect(verdict(stack, publish(name)), name).toBe('allowed');
    }
  });

  it('are the only ones that may, from their own account, and not over a plain connection', () => {
    const stack = templates[stage];
    const { name } = alarmsOf(stack).find(({ rings }) => rings) ?? expect.fail('none rings');
    const refused: [PolicyRequest, string][] = [
      [publish('baton-bob-dead-letters'), 'implicit deny'],
      [publish(name, { 'aws:SourceAccount': '111111111111' }), 'implicit deny'],
      [{ ...publish(name), principal: 'service:events.amazonaws.com' }, 'implicit deny'],
      [publish(name, { 'aws:SecureTransport': 'false' }), 'explicit deny'],
    ];
    for (const [request, expected] of refused) {
      expect(verdict(stack, request)).toBe(expected);
    }
  });

  it('each lead to a page of the runbook, which says what it means, how to look and what to do', () => {
    const pages = runbookPages();
    for (const { name, description } of alarmsOf(templates[stage])) {
      const [, anchor = ''] = /docs\/runbook\.md#([a-z-]+)$/.exec(description) ?? [];
      const page = pages.get(anchor) ?? expect.fail(`${name} leads to no page: ${description}`);
      for (const part of ['**It means**', '**Look**', '**Do**']) {
        expect(page, anchor).toContain(part);
      }
    }
  });

  it('look at numbers that the functions count, by the names that they count them under', () => {
    const counted = countedNames();
    expect(counted.size).toBeGreaterThan(10);
    const ours = alarmsOf(templates[stage])
      .flatMap(metricsOf)
      .filter((metric) => metric.startsWith('Baton/'));
    expect(ours.filter((metric) => !counted.has(metric.slice('Baton/'.length)))).toEqual([]);
  });

  it('ring one by one or in a group, and each is in one of the two', () => {
    const alarms = alarmsOf(templates[stage]);
    const rules = alarms.flatMap(({ properties }) =>
      properties.AlarmRule === undefined ? [] : [render(properties.AlarmRule)],
    );
    for (const { id, rings, name } of alarms) {
      const groups = rules.filter((rule) => rule.includes(`ALARM("<${id}.Arn>")`)).length;
      expect(groups, name).toBe(rings ? 0 : 1);
    }
  });
});

describe('an alarm that cannot ring', () => {
  it('is seen by the evaluation: the policy without its Allow, as CDK leaves it, lets nobody publish', () => {
    const document = structuredClone(templates.alice.document);
    for (const resource of Object.values(document.Resources)) {
      if (resource.Type !== 'AWS::SNS::TopicPolicy') {
        continue;
      }
      const { PolicyDocument } = resource.Properties;
      PolicyDocument.Statement = PolicyDocument.Statement.filter(
        ({ Effect }: Statement) => Effect === 'Deny',
      );
    }
    const broken = {
      ...templates.alice,
      only: (type: string) => {
        const found = Object.values(document.Resources).find(({ Type }) => Type === type);
        return found ?? expect.fail(type);
      },
    };
    expect(verdict(broken, publish('baton-alice-dead-letters'))).toBe('implicit deny');
  });
});

describe('a personal stage', () => {
  it('rings for errors, dead letters and a relay that stands still, with few metrics: each costs', () => {
    const alarms = alarmsOf(templates.alice);
    expect(alarms.map(({ name }) => name).sort()).toEqual([
      'baton-alice-dead-letters',
      'baton-alice-relay-lag',
      'baton-alice-server-errors',
    ]);
    expect(alarms.flatMap(metricsOf).length).toBeLessThanOrEqual(7);
  });

  it('looks at every queue of dead letters that it has', () => {
    const stack = templates.alice;
    const alarm = alarmsOf(stack).find(({ name }) => name.endsWith('dead-letters'));
    const watched = alarm?.properties.Metrics.flatMap(({ MetricStat }: Properties) =>
      MetricStat ? [target(MetricStat.Metric.Dimensions[0].Value)] : [],
    );
    const kept = stack
      .all('AWS::SQS::Queue')
      .filter(([, queue]) => queue.RedrivePolicy === undefined)
      .map(([id]) => id);
    expect(watched.sort()).toEqual(kept.sort());
  });
});

describe('a stage with a person on call', () => {
  it.each(FUNCTION_NAMES)('hears of errors and throttles of %s', (name) => {
    const stack = templates.prod;
    const id = stack.functions().get(name)?.id;
    const watched = alarmsOf(stack).flatMap(({ properties }) =>
      (properties.Metrics ?? []).flatMap(({ MetricStat }: Properties) =>
        MetricStat?.Metric.Namespace === 'AWS/Lambda' &&
        render(MetricStat.Metric.Dimensions[0].Value) === `<${id}>`
          ? [MetricStat.Metric.MetricName]
          : [],
      ),
    );
    expect(watched).toEqual(expect.arrayContaining(['Errors', 'Throttles']));
  });

  it('hears of a message that waits too long in any queue of work', () => {
    const stack = templates.prod;
    const watched = alarmsOf(stack).flatMap(({ properties }) =>
      properties.MetricName === 'ApproximateAgeOfOldestMessage'
        ? [target(properties.Dimensions[0].Value)]
        : [],
    );
    const queues = stack
      .all('AWS::SQS::Queue')
      .filter(([, queue]) => queue.RedrivePolicy !== undefined)
      .map(([id]) => id);
    expect(watched.sort()).toEqual(queues.sort());
  });

  it.each([
    'AWS/ApiGateway/5XXError',
    'AWS/ApiGateway/Latency',
    'AWS/Lambda/IteratorAge',
    'AWS/DynamoDB/ReadThrottleEvents',
    'AWS/DynamoDB/WriteThrottleEvents',
    'AWS/DynamoDB/TransactionConflict',
    'AWS/ElastiCache/ThrottledCmds',
    'AWS/Scheduler/InvocationDroppedCount',
    'Baton/cache.invalidation_failed',
    'Baton/outbox.lag_seconds',
    'Baton/sync.dead_letter',
    'Baton/sync.links_behind',
    'Baton/webhook.disabled',
  ])('looks at %s', (metric) => {
    expect(alarmsOf(templates.prod).flatMap(metricsOf)).toContain(metric);
  });

  it('hears of an endpoint of webhooks that was disabled, for whatever reason', () => {
    const alarm = alarmsOf(templates.prod).find(({ name }) => name.endsWith('webhooks-disabled'));
    const watched = alarm?.properties.Metrics.flatMap(({ MetricStat }: Properties) =>
      (MetricStat?.Metric.Dimensions ?? []).flatMap(({ Name, Value }: Properties) =>
        Name === 'reason' ? [Value] : [],
      ),
    );
    expect(watched).toEqual([...disabledReasons]);
  });

  it('is written to where the command line says so', () => {
    const stack = synthesize('prod', { alarmEmail: 'oncall@example.com' });
    const { Properties } = stack.only('AWS::SNS::Subscription');
    expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.com' });
    expect(templates.prod.all('AWS::SNS::Subscription')).toEqual([]);
  });
});

/** The pages of the runbook by the anchor of their heading. */
function runbookPages(): Map<string, string> {
  const text = readFileSync(join(repository, 'docs/runbook.md'), 'utf8');
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = ''] = section.split('\n');
        return [
          heading
            .toLowerCase()
            .replaceAll(/[^a-z -]/g, '')
            .replaceAll(' ', '-'),
          section,
        ];
      }),
  );
}
