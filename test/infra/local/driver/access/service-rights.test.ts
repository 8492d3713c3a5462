import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../../../infra/local/driver/access/access.ts';
import { readRoles } from '../../../../../infra/local/driver/access/roles.ts';
import { requireServiceRights } from '../../../../../infra/local/driver/access/service-rights.ts';
import { createFunctions } from '../../../../../infra/local/driver/lambda/functions.ts';
import { createInFlight } from '../../../../../infra/local/driver/services/in-flight.ts';
import { createDeployment } from '../../../../../infra/local/driver/template/deployment.ts';
import type { Template } from '../../../../../infra/local/driver/template/template.ts';
import {
  type AppInput,
  queueMapping,
  role,
  streamMapping,
  template,
} from '../../support/assembly.ts';

const att = (name: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [name, attribute] });

/** An app in which services do in a function's name all that they can. */
const app: AppInput = {
  functions: { Fn: 'export const handler = async () => ({});' },
  properties: {
    Fn: {
      LoggingConfig: { LogGroup: { Ref: 'Logs' } },
      TracingConfig: { Mode: 'Active' },
      VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [att('Group', 'GroupId')] },
      Environment: {
        Variables: {
          BATON_CACHE_HOST: 'x',
          BATON_CACHE_NAME: 'the-cache',
          BATON_CACHE_USER: 'the-user',
        },
      },
    },
  },
  resources: {
    Logs: { Type: 'AWS::Logs::LogGroup' },
    Subnet: { Type: 'AWS::EC2::Subnet' },
    Group: { Type: 'AWS::EC2::SecurityGroup' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Lost: { Type: 'AWS::SQS::Queue' },
    Unheard: { Type: 'AWS::SQS::Queue' },
    Messages: queueMapping('Queue', 'Fn'),
    Records: streamMapping('Fn', {
      DestinationConfig: { OnFailure: { Destination: att('Lost') } },
    }),
    Async: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        Qualifier: '$LATEST',
        DestinationConfig: { OnFailure: { Destination: att('Unheard') } },
      },
    },
    Often: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'often',
        ScheduleExpression: 'rate(1 day)',
        Target: {
          Arn: att('Fn'),
          RoleArn: att('SchedulerRole'),
          DeadLetterConfig: { Arn: att('Lost') },
        },
      },
    },
  },
};

/** Asks for the rights of an app as a start does, and gives the account of them. */
function start(input: AppInput) {
  const streamArn = 'arn:aws:dynamodb:local:000000000000:table/t/stream/1';
  const deployment = createDeployment({
    assembly: {
      template: template(input) as Template,
      stackName: 'app',
      assetFolder: () => '',
    },
    tables: new Map([['Table', { name: 't', arn: 'arn:t', streamArn }]]),
    sqsEndpoint: 'http://sqs',
    replacedVariables: [],
  });
  const access = createAccess(() => {});
  const functions = createFunctions({
    inFlight: createInFlight(),
    onLine: () => {},
  });
  const roleOf = readRoles(deployment);
  for (const { arn, properties, path } of deployment.resourcesOf('AWS::Lambda::Function')) {
    const { statements } = roleOf(properties.Role, path);
    access.add({ keyId: 'Fn', principal: 'arn:aws:sts::1:fn', statements });
    functions.add({
      ...{ name: 'Fn', arn, folder: '', handler: '', timeoutMs: 1, environment: {} },
      reservedConcurrency: undefined,
    });
  }
  const cacheNames = { cache: 'BATON_CACHE_NAME', user: 'BATON_CACHE_USER' };
  requireServiceRights({ deployment, functions, access, roleOf, cacheNames });
  return access.grants();
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const without = (Action: string, Resource: unknown = '*') => [
  everything,
  { Effect: 'Deny', Action, Resource },
];
const cacheArn = (resource: string) => `arn:aws:elasticache:local:000000000000:${resource}`;

describe('a stack starts', () => {
  it('with all rights, and each of them counts as used', () => {
    expect(start(app).map(({ caller, used }) => [caller, used])).toEqual([
      ['Fn', true],
      ['schedule often', true],
    ]);
  });

  it.each<[string, unknown, string]>([
    ['logs:CreateLogStream', '*', 'Resources.Fn.Properties'],
    ['logs:PutLogEvents', '*', 'Resources.Fn.Properties'],
    ['xray:PutTraceSegments', '*', 'Resources.Fn.Properties'],
    ['ec2:CreateNetworkInterface', '*', 'Resources.Fn.Properties'],
    ['elasticache:Connect', cacheArn('serverlesscache:the-cache'), 'Resources.Fn.Properties'],
    ['elasticache:Connect', cacheArn('user:the-user'), 'Resources.Fn.Properties'],
    ['sqs:ReceiveMessage', '*', 'Resources.Messages.Properties'],
    ['sqs:DeleteMessage', '*', 'Resources.Messages.Properties'],
    ['sqs:GetQueueAttributes', '*', 'Resources.Messages.Properties'],
    ['dynamodb:DescribeStream', '*', 'Resources.Records.Properties'],
    ['dynamodb:GetRecords', '*', 'Resources.Records.Properties'],
    ['dynamodb:GetShardIterator', '*', 'Resources.Records.Properties'],
    ['dynamodb:ListStreams', '*', 'Resources.Records.Properties'],
    ['sqs:SendMessage', att('Lost'), 'Resources.Records.Properties'],
    ['sqs:SendMessage', att('Unheard'), 'Resources.Async.Properties'],
  ])('not when the function lacks %s on %j', (action, resource, place) => {
    const starting = () => start({ ...app, statements: { Fn: without(action, resource) } });
    expect(starting).toThrow(`${place}: User: arn:aws:sts::1:fn is not authorized`);
    expect(starting).toThrow(`is not authorized to perform: ${action} on resource`);
  });

  it.each([['lambda:InvokeFunction'], ['sqs:SendMessage']])(
    'not when the schedule lacks %s',
    (action) => {
      const resources = { ...app.resources, SchedulerRole: role(without(action)) };
      expect(() => start({ ...app, resources })).toThrow(
        `Resources.Often.Properties: User: arn:aws:sts::000000000000:assumed-role/app-SchedulerRole/often is not authorized to perform: ${action}`,
      );
    },
  );
});
