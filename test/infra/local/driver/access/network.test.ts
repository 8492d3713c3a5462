import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../../../infra/local/stack.ts';
import { type AppInput, AWS_CALL, invoke } from '../../support/assembly.ts';
import { startApp } from '../../support/local-stack.ts';

/** Calls what its request names, and answers with what came of it. */
const CALLER = `${AWS_CALL}
import { connect } from 'node:net';
import { request } from 'node:http';
const { env } = process;
const ways = {
  table: () => call(env.AWS_ENDPOINT_URL_DYNAMODB, 'DynamoDB_20120810.ListTables', {}),
  queue: () => call(env.AWS_ENDPOINT_URL_SQS, 'AmazonSQS.ListQueues', {}),
  parameters: () => call(env.AWS_ENDPOINT_URL_SSM, 'AmazonSSM.GetParametersByPath', { Path: '/x' }),
  bus: () => call(env.AWS_ENDPOINT_URL_EVENTBRIDGE, 'AWSEvents.PutEvents', { Entries: [{}] }),
  http: () =>
    new Promise((resolve, reject) => {
      request(env.AWS_ENDPOINT_URL_SQS, resolve).on('error', reject).end();
    }),
  internet: () =>
    new Promise((resolve, reject) => {
      connect(443, 'api.github.com').on('connect', resolve).on('error', reject);
    }),
  cache: () =>
    new Promise((resolve, reject) => {
      const port = Number(env.BATON_CACHE_PORT);
      connect({ host: env.BATON_CACHE_HOST, port }).on('connect', resolve).on('error', reject);
    }),
};
export const handler = async ({ body }) => {
  try {
    await ways[body]();
    return { statusCode: 200, body: '{}' };
  } catch (error) {
    return { statusCode: 502, body: [error.message, error.cause?.message].join() };
  }
};`;

const ref = (Ref: string) => ({ Ref });
const groupId = (name: string) => ({ 'Fn::GetAtt': [name, 'GroupId'] });
const inVpc = (subnet: string, group: string) => ({
  VpcConfig: { SubnetIds: [ref(subnet)], SecurityGroupIds: [groupId(group)] },
  Environment: { Variables: { BATON_CACHE_HOST: 'x', BATON_CACHE_PORT: 'x' } },
});
const routes = (subnet: string, table: string) => ({
  Type: 'AWS::EC2::SubnetRouteTableAssociation',
  Properties: { SubnetId: ref(subnet), RouteTableId: ref(table) },
});

const app: AppInput = {
  functions: { Outside: CALLER, Inside: CALLER, Elsewhere: CALLER },
  properties: { Inside: inVpc('Subnet', 'Group'), Elsewhere: inVpc('Other', 'OtherGroup') },
  paths: {
    '/outside': { post: invoke('Outside') },
    '/inside': { post: invoke('Inside') },
    '/elsewhere': { post: invoke('Elsewhere') },
  },
  resources: {
    Vpc: { Type: 'AWS::EC2::VPC' },
    ...Object.fromEntries(['Subnet', 'Other'].map((name) => [name, { Type: 'AWS::EC2::Subnet' }])),
    ...Object.fromEntries(
      ['Routes', 'OtherRoutes'].map((name) => [name, { Type: 'AWS::EC2::RouteTable' }]),
    ),
    ...Object.fromEntries(
      ['Group', 'OtherGroup', 'CacheGroup'].map((name) => [
        name,
        { Type: 'AWS::EC2::SecurityGroup' },
      ]),
    ),
    First: routes('Subnet', 'Routes'),
    Second: routes('Other', 'OtherRoutes'),
    Endpoint: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.dynamodb' },
        VpcEndpointType: 'Gateway',
        RouteTableIds: [ref('Routes')],
      },
    },
    Cache: {
      Type: 'AWS::ElastiCache::ServerlessCache',
      Properties: { SecurityGroupIds: [groupId('CacheGroup')] },
    },
    Ingress: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { GroupId: groupId('CacheGroup'), SourceSecurityGroupId: groupId('Group') },
    },
  },
};

let stack: RunningStack & { lines: string[] };
beforeAll(async () => {
  stack = await startApp(app);
});
afterAll(() => stack?.stop());

async function reach(fn: string, way: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${stack.url}/api/${fn}`, { method: 'POST', body: way });
  return { status: response.status, text: await response.text() };
}

describe('a function', () => {
  it.each(['table', 'queue', 'parameters', 'bus', 'http'])(
    'outside of a VPC reaches the %s',
    async (way) => {
      expect(await reach('outside', way)).toMatchObject({ status: 200 });
    },
  );

  it.each(['table', 'cache'])('in a VPC reaches the %s', async (way) => {
    expect(await reach('inside', way)).toMatchObject({ status: 200 });
  });

  it.each(['queue', 'parameters', 'bus', 'http', 'internet'])(
    'in a VPC does not reach the %s',
    async (way) => {
      const { status, text } = await reach('inside', way);
      expect(status).toBe(502);
      expect(text).toContain('connect ETIMEDOUT');
      expect(stack.lines.join('\n')).toMatch(
        /\[Inside\] connect ETIMEDOUT \S+: app-Inside is in a VPC and reaches only 127/,
      );
    },
  );

  it.each(['table', 'cache', 'queue'])(
    'in a subnet without the endpoint, and in a group that the cache does not know, does not reach the %s',
    async (way) => {
      expect(await reach('elsewhere', way)).toMatchObject({ status: 502 });
    },
  );
});

it.each<[string, object, string]>([
  [
    'an endpoint of another kind',
    {
      Endpoint: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          ServiceName: 'com.amazonaws.local.sqs',
          VpcEndpointType: 'Interface',
          RouteTableIds: [],
        },
      },
    },
    'Resources.Endpoint.Properties.VpcEndpointType: only gateway endpoints',
  ],
  [
    'a way out',
    { Out: { Type: 'AWS::EC2::NatGateway' } },
    'the type AWS::EC2::NatGateway is not supported',
  ],
])('a VPC with %s does not run', async (_, resources, message) => {
  await expect(
    startApp({ functions: { Outside: CALLER }, resources: { ...resources } }),
  ).rejects.toThrow(message);
});
