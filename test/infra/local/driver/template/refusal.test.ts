import { expect, it } from 'vitest';
import { invoke, queueMapping, streamMapping } from '../../support/assembly.ts';
import { startApp } from '../../support/local-stack.ts';

const fn = { functions: { Fn: 'export const handler = async () => {};' } };
const queue = { Type: 'AWS::SQS::Queue' };
const rule = (properties: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['a'] }, ...properties },
});

it.each<[string, object, string]>([
  ['an unknown type', { Thing: { Type: 'AWS::S3::Bucket' } }, 'the type AWS::S3::Bucket'],
  [
    'an unknown operator of a rule',
    { Rule: rule({ EventPattern: { source: [{ wildcard: 'a*' }] } }) },
    'Resources.Rule.Properties.EventPattern.source[0]: the operator wildcard',
  ],
  [
    'an unknown operator of a filter',
    {
      Queue: queue,
      Mapping: queueMapping('Queue', 'Fn', {
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[{"cidr":"10.0.0.0/8"}]}}' }] },
      }),
    },
    'Resources.Mapping.Properties.FilterCriteria.Filters[0].Pattern.body.a[0]: the operator cidr',
  ],
  [
    'a rule of another bus',
    { Rule: rule({ EventBusName: 'default' }) },
    "EventBusName: default is not the stack's bus",
  ],
  [
    'an input of a target',
    {
      Queue: queue,
      Rule: rule({
        Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
      }),
    },
    'Resources.Rule.Properties.Targets.InputPath: is not supported locally',
  ],
  [
    'a FIFO target without a group',
    {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      Rule: rule({ Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] }),
    },
    'a FIFO target needs a group id',
  ],
  [
    'a mapping of something else',
    { Mapping: streamMapping('Fn', { EventSourceArn: 'arn:aws:kinesis:a:b:stream/c' }) },
    'is neither a queue nor the stream',
  ],
  [
    'a start in the middle of the stream',
    { Mapping: streamMapping('Fn', { StartingPosition: 'AT_TIMESTAMP' }) },
    'StartingPosition: AT_TIMESTAMP',
  ],
  [
    'another runtime',
    { Other: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs20.x', Code: {} } } },
    'the runtime nodejs20.x is not supported locally, only nodejs24.x',
  ],
  [
    'a variable that has no local value',
    {
      Cache: { Type: 'AWS::ElastiCache::ServerlessCache' },
      Other: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Code: { S3Key: 'Fn.zip' },
          Environment: { Variables: { OURS: { 'Fn::GetAtt': ['Cache', 'Arn'] } } },
        },
      },
    },
    'Resources.Other.Properties.Environment.Variables.OURS.Fn::GetAtt: refers to Cache',
  ],
])('a stack with %s does not start', async (_, resources, message) => {
  await expect(startApp({ ...fn, resources: { ...resources } })).rejects.toThrow(message);
});

it('a stack whose API says what no gateway response can hold does not start', async () => {
  const document = {
    'x-amazon-apigateway-gateway-responses': {
      DEFAULT_4XX: { responseTemplates: { 'application/json': '{"a":"$context.identity.user"}' } },
    },
  };
  await expect(startApp({ ...fn, document })).rejects.toThrow('$context.identity.user');
});

it('a stack whose API names a function that is not there does not start', async () => {
  const paths = { '/0': { get: invoke('Nobody') } };
  await expect(startApp({ ...fn, paths })).rejects.toThrow('refers to Nobody');
});
