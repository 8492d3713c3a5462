import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../../../infra/local/stack.ts';
import { type AppInput, AWS_CALL, invoke, role } from '../../support/assembly.ts';
import { callService, startApp } from '../../support/local-stack.ts';

/** Answers with what each call of its event was answered. */
const CALLER = `${AWS_CALL}
const urls = {
  DynamoDB_20120810: process.env.AWS_ENDPOINT_URL_DYNAMODB,
  AWSEvents: process.env.AWS_ENDPOINT_URL_EVENTBRIDGE,
  AmazonSQS: process.env.AWS_ENDPOINT_URL_SQS,
  AmazonSSM: process.env.AWS_ENDPOINT_URL_SSM,
};
export const handler = async (event) => {
  const { target, input } = JSON.parse(event.body);
  try {
    await call(urls[target.split('.')[0]], target, input);
    return { statusCode: 200, body: '{}' };
  } catch (error) {
    return { statusCode: 403, body: error.message };
  }
};`;

const TABLE = { 'Fn::GetAtt': ['Table', 'Arn'] };
const QUEUE = { 'Fn::GetAtt': ['Queue', 'Arn'] };
const allow = (Action: string | string[], Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const policy = (statements: readonly object[], more: object) => ({
  Properties: { PolicyDocument: { Statement: statements }, ...more },
});

const app: AppInput = {
  functions: { Caller: CALLER, Nobody: CALLER },
  paths: { '/caller': { post: invoke('Caller') }, '/nobody': { post: invoke('Nobody') } },
  statements: { Nobody: [] },
  resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    // Of its own, attached, managed and named, managed and naming: a role has all of them.
    CallerRole: role([allow('dynamodb:PutItem', TABLE)], {
      ManagedPolicyArns: [{ Ref: 'Named' }],
    }),
    Attached: {
      Type: 'AWS::IAM::Policy',
      ...policy([allow('sqs:SendMessage', QUEUE)], { Roles: [{ Ref: 'CallerRole' }] }),
    },
    Named: {
      Type: 'AWS::IAM::ManagedPolicy',
      ...policy([allow('events:PutEvents', { 'Fn::GetAtt': ['Bus', 'Arn'] })], {}),
    },
    Naming: {
      Type: 'AWS::IAM::ManagedPolicy',
      ...policy([allow('ssm:GetParameter', 'arn:aws:ssm:local:000000000000:parameter/may/*')], {
        Roles: [{ Ref: 'CallerRole' }],
      }),
    },
    May: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/may/x', Type: 'String', Value: '1' },
    },
  },
};

let stack: RunningStack & { lines: string[] };
beforeAll(async () => {
  stack = await startApp(app);
});
afterAll(() => stack?.stop());

async function ask(path: string, target: string, input: object) {
  const response = await fetch(`${stack.url}/api${path}`, {
    method: 'POST',
    body: JSON.stringify({ target, input }),
  });
  return { status: response.status, text: await response.text() };
}

const item = () => ({ TableName: stack.table, Item: { pk: { S: 'a' } } });
const key = () => ({ TableName: stack.table, Key: { pk: { S: 'a' } } });

type Case = [target: string, input: () => object, resource: RegExp];
const CALLS: Case[] = [
  ['DynamoDB_20120810.PutItem', item, /arn:aws:dynamodb:.+:table\/app-Table/],
  [
    'DynamoDB_20120810.TransactWriteItems',
    () => ({ TransactItems: [{ Put: item() }] }),
    /arn:aws:dynamodb:.+:table\/app-Table/,
  ],
  [
    'AmazonSQS.SendMessage',
    () => ({ QueueUrl: `${stack.url}/000000000000/app-Queue`, MessageBody: 'x' }),
    /arn:aws:sqs:local:000000000000:app-Queue/,
  ],
  [
    'AWSEvents.PutEvents',
    () => ({ Entries: [{ EventBusName: 'the-bus', Source: 's', DetailType: 'd', Detail: '{}' }] }),
    /arn:aws:events:local:000000000000:event-bus\/the-bus/,
  ],
  [
    'AmazonSSM.GetParameter',
    () => ({ Name: '/may/x' }),
    /arn:aws:ssm:local:000000000000:parameter\/may\/x/,
  ],
];

describe.each(CALLS)('%s', (target, input, resource) => {
  it('is done for the function whose role allows it', async () => {
    expect(await ask('/caller', target, input())).toMatchObject({ status: 200 });
  });

  it('is refused for the function whose role does not, in the words of AWS', async () => {
    const { status, text } = await ask('/nobody', target, input());
    expect(status).toBe(403);
    expect(text).toContain('AccessDeniedException');
    expect(text).toContain(
      'User: arn:aws:sts::000000000000:assumed-role/app-NobodyRole/app-Nobody is not authorized to perform: ',
    );
    expect(text).toMatch(resource);
    expect(stack.lines.join('\n')).toMatch(resource);
  });
});

it('a transaction is refused whole for one item that the role does not allow', async () => {
  const TransactItems = [
    { Put: { TableName: stack.table, Item: { pk: { S: 'half' } } } },
    { Delete: key() },
  ];
  const { text } = await ask('/caller', 'DynamoDB_20120810.TransactWriteItems', { TransactItems });
  expect(text).toContain('dynamodb:DeleteItem');
  const { body } = await callService(stack.dynamodb, 'DynamoDB_20120810.GetItem', {
    TableName: stack.table,
    Key: { pk: { S: 'half' } },
  });
  expect(body).toEqual({});
});

it('the operator of the machine may do what no function may', async () => {
  const { status } = await callService(stack.dynamodb, 'DynamoDB_20120810.Scan', {
    TableName: stack.table,
  });
  expect(status).toBe(200);
});

it('what was used and what was refused is told', async () => {
  const answer = await fetch(`${stack.url}/_local/permissions`);
  const { grants, refusals } = (await answer.json()) as {
    grants: { caller: string; action: string; used: boolean }[];
    refusals: { caller: string; action: string }[];
  };
  expect(grants.filter(({ used }) => !used)).toEqual([]);
  expect(grants.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
    'Caller dynamodb:PutItem',
    'Caller events:PutEvents',
    'Caller sqs:SendMessage',
    'Caller ssm:GetParameter',
  ]);
  expect(refusals.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
    'Nobody dynamodb:PutItem',
    'Nobody sqs:SendMessage',
    'Nobody events:PutEvents',
    'Nobody ssm:GetParameter',
    'Caller dynamodb:DeleteItem',
  ]);
});

it.each<[string, NonNullable<AppInput['resources']>, string]>([
  [
    'that is not in the template',
    { CallerRole: { Type: 'AWS::SQS::Queue' } },
    'Resources.Caller.Properties.Role: arn:aws:sqs:local:000000000000:app-CallerRole is not a role',
  ],
  [
    'with a managed policy of somebody else',
    {
      CallerRole: role([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    },
    'arn:aws:iam::aws:policy/AdministratorAccess is not a policy of the template',
  ],
  [
    'with a boundary',
    { CallerRole: role([], { PermissionsBoundary: 'arn:b' }) },
    'Resources.CallerRole.Properties.PermissionsBoundary: is not supported locally',
  ],
])('a function with a role %s does not run', async (_, resources, message) => {
  await expect(startApp({ functions: { Caller: CALLER }, resources })).rejects.toThrow(message);
});
