import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bill, total } from '../../infra/cost/bill.ts';
import { idleLines } from '../../infra/cost/idle.ts';
import { NO_WORK, workLines } from '../../infra/cost/work.ts';
import { repository } from '../support/product-source.ts';
import { synthesize } from './template.ts';

const page = readFileSync(join(repository, 'docs/cost.md'), 'utf8');

describe('a month of a stage that nobody uses', () => {
  it('is less than eleven dollars for a personal one', () => {
    expect(total(idleLines(synthesize('alice').document))).toBeLessThan(11);
  });

  it.each(['alice', 'staging', 'prod'])(
    'stands in docs/cost.md for %s: run `npm run cost`',
    (stage) => {
      const lines = idleLines(synthesize(stage).document);
      expect(page).toContain(`### ${stage}\n\n${bill(lines)}\n`);
    },
  );

  it('costs more with each thing that is switched on', () => {
    const costOf = (context: Record<string, string>) =>
      total(idleLines(synthesize('alice', context).document));
    const plain = costOf({});
    expect(costOf({ dashboard: 'on' }) - plain).toBeCloseTo(3);
    expect(costOf({ firewall: 'on' }) - plain).toBeCloseTo(7);
    expect(costOf({ tracing: 'on' })).toBeGreaterThan(plain);
  });

  it('counts what a template holds, by its price', () => {
    const queue = { 'Fn::GetAtt': ['Queue', 'Arn'] };
    const lines = idleLines({
      Resources: {
        Cache: { Type: 'AWS::ElastiCache::ServerlessCache' },
        Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
        Unread: { Type: 'AWS::SQS::Queue' },
        Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: queue } },
        One: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
        Two: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { Metrics: [{ Expression: 'a+b' }, { MetricStat: {} }, { MetricStat: {} }] },
        },
      },
    });
    expect(lines.map(({ quantity, dollars }) => [quantity, dollars.toFixed(2)])).toEqual([
      ['1 cache', '6.13'],
      ['1 queues', '0.33'],
      ['3 metrics', '0.30'],
    ]);
  });
});

describe('a million pieces of work', () => {
  it('cost a million times their parts', () => {
    const lines = workLines({ ...NO_WORK, requests: 1, writes: 10, logKb: 2 });
    expect(lines.map(({ what, dollars }) => [what, dollars])).toEqual([
      ['API Gateway', 3.5],
      ['DynamoDB, writes', 6.25],
      ['logs', 1],
    ]);
  });
});
