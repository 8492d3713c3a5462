import { describe, expect, it } from 'vitest';
import {
  busDemands,
  cacheDemands,
  type Demand,
  parameterDemands,
  queueDemands,
  tableDemands,
} from '../../../../../infra/local/driver/access/demands.ts';

const arnOf = (service: string, resource: string) => `${service}:${resource}`;
const texts = (demands: readonly Demand[]) =>
  demands.map(({ action, resource }) => `${action} on ${resource}`);
const T = { TableName: 'T' };

describe('a call takes', () => {
  it.each<[string, object, string[]]>([
    ['GetItem', T, ['dynamodb:GetItem on T']],
    ['PutItem', T, ['dynamodb:PutItem on T']],
    ['PutItem', { TableName: 'arn:aws:x:table/U' }, ['dynamodb:PutItem on arn:aws:x:table/U']],
    ['Query', T, ['dynamodb:Query on T']],
    ['Query', { ...T, IndexName: 'gsi1' }, ['dynamodb:Query on T/index/gsi1']],
    ['Scan', { ...T, IndexName: 'gsi2' }, ['dynamodb:Scan on T/index/gsi2']],
    [
      'BatchGetItem',
      { RequestItems: { T: {}, U: {} } },
      ['dynamodb:BatchGetItem on T', 'dynamodb:BatchGetItem on U'],
    ],
    ['BatchWriteItem', { RequestItems: { T: [] } }, ['dynamodb:BatchWriteItem on T']],
    [
      'TransactGetItems',
      { TransactItems: [{ Get: T }, { Get: { TableName: 'U' } }] },
      ['dynamodb:GetItem on T', 'dynamodb:GetItem on U'],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [{ Put: T }, { Update: T }, { Delete: T }, { ConditionCheck: T }],
      },
      [
        'dynamodb:PutItem on T',
        'dynamodb:UpdateItem on T',
        'dynamodb:DeleteItem on T',
        'dynamodb:ConditionCheckItem on T',
      ],
    ],
    // What is no call at all is the engine's to refuse; it takes nothing that anybody may do.
    ['TransactWriteItems', { TransactItems: 'x' }, []],
    ['BatchGetItem', {}, []],
  ])('of DynamoDB, %s %j', (operation, input, expected) => {
    expect(texts(tableDemands(operation, { ...input }, (name) => name))).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ['SendMessage', { QueueUrl: 'http://h/0/q.fifo' }, ['sqs:SendMessage on sqs:q.fifo']],
    ['SendMessageBatch', { QueueUrl: 'http://h/0/q' }, ['sqs:SendMessage on sqs:q']],
    ['GetQueueUrl', { QueueName: 'q' }, ['sqs:GetQueueUrl on sqs:q']],
    ['ListQueues', {}, ['sqs:ListQueues on sqs:*']],
  ])('of SQS, %s %j', (operation, input, expected) => {
    expect(texts(queueDemands(operation, { ...input }, arnOf))).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ['GetParameter', { Name: '/baton/x' }, ['ssm:GetParameter on ssm:parameter/baton/x']],
    ['GetParameter', { Name: 'plain' }, ['ssm:GetParameter on ssm:parameter/plain']],
    [
      'GetParameters',
      { Names: ['/a', '/b'] },
      ['ssm:GetParameters on ssm:parameter/a', 'ssm:GetParameters on ssm:parameter/b'],
    ],
    ['GetParametersByPath', { Path: '/a' }, ['ssm:GetParametersByPath on ssm:parameter/a']],
  ])('of the parameter store, %s %j', (operation, input, expected) => {
    expect(texts(parameterDemands(operation, { ...input }, arnOf))).toEqual(expected);
  });

  it.each<[object, string[]]>([
    [{ Entries: [{ EventBusName: 'b' }] }, ['events:PutEvents on events:event-bus/b']],
    [{ Entries: [{ EventBusName: 'arn:b' }] }, ['events:PutEvents on arn:b']],
    [{ Entries: [{}] }, ['events:PutEvents on events:event-bus/default']],
    [
      { Entries: [{ EventBusName: 'b' }, { EventBusName: 'c' }] },
      ['events:PutEvents on events:event-bus/b', 'events:PutEvents on events:event-bus/c'],
    ],
  ])('of EventBridge, PutEvents %j', (input, expected) => {
    expect(texts(busDemands('PutEvents', { ...input }, arnOf))).toEqual(expected);
  });

  it('of the cache, to log in: the cache, and the user', () => {
    expect(texts(cacheDemands('c', 'u', arnOf))).toEqual([
      'elasticache:Connect on elasticache:serverlesscache:c',
      'elasticache:Connect on elasticache:user:u',
    ]);
  });
});
