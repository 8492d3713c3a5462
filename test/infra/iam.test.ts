import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '../../infra/functions.ts';
import { takesKey } from '../../shared/http/routes/route.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';
import { render, synthesize, type Template, target } from './template.ts';

/**
 * The IAM actions behind each call. IAM knows no action for a transaction: it asks for those of its
 * items.
 */
const ACTIONS = {
  GetItem: ['dynamodb:GetItem'],
  BatchGetItem: ['dynamodb:BatchGetItem'],
  Query: ['dynamodb:Query'],
  PutItem: ['dynamodb:PutItem'],
  UpdateItem: ['dynamodb:UpdateItem'],
  DeleteItem: ['dynamodb:DeleteItem'],
  BatchWriteItem: ['dynamodb:BatchWriteItem'],
  ConditionCheck: ['dynamodb:ConditionCheckItem'],
  ReadStream: [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  ConnectToCache: ['elasticache:Connect'],
  PutEvents: ['events:PutEvents'],
  WriteLogs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  TakeFromQueue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  HideMessage: ['sqs:ChangeMessageVisibility'],
  SendToQueue: ['sqs:SendMessage'],
  ReadSecret: ['ssm:GetParameter'],
  WriteSecret: ['ssm:PutParameter'],
  DeleteSecret: ['ssm:DeleteParameter'],
  LeaveDeadLetter: ['sqs:SendMessage'],
  SendTraces: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  KeepInterfaces: [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ],
} as const satisfies Record<string, readonly string[]>;

type Call = keyof typeof ACTIONS;

const routes: readonly Route[] = ROUTES;

const READS = ['GetItem', 'BatchGetItem', 'Query'] as const satisfies readonly Call[];
const CHANGES = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'ConditionCheck',
] as const satisfies readonly Call[];
/** A consumer of events: what it cannot read it gives up, what failed it shows again soon. */
const CONSUMES = ['TakeFromQueue', 'HideMessage', 'LeaveDeadLetter'] as const;

/** What each function calls, itself or through the service that runs it. */
const CALLS: Record<FunctionName, readonly Call[]> = {
  authorizer: ['GetItem', 'BatchGetItem'],
  'group-update': [...READS, ...CHANGES, 'ConnectToCache'],
  'group-read': [...READS, 'ConnectToCache'],
  'directory-read': READS,
  'project-save': [...READS, ...CHANGES, 'ConnectToCache'],
  'project-delete': [...READS, 'PutItem', 'UpdateItem', 'DeleteItem'],
  'directory-write': [...READS, ...CHANGES, 'ConnectToCache'],
  'outbox-relay': ['ReadStream', 'BatchGetItem', 'PutEvents', 'LeaveDeadLetter'],
  'cache-repeat': ['ConnectToCache', ...CONSUMES],
  'project-cascade': [...READS, ...CHANGES, 'BatchWriteItem', 'ConnectToCache', ...CONSUMES],
  'team-cascade': [...READS, 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', ...CONSUMES],
  'due-deletions': ['Query', 'PutItem', 'UpdateItem', 'LeaveDeadLetter'],
  'membership-followup': ['BatchGetItem', 'Query', 'UpdateItem', 'ConditionCheck', ...CONSUMES],
  'holder-review': [...READS, 'PutItem', ...CONSUMES],
  'holder-review-daily': ['Query', 'PutItem', 'LeaveDeadLetter'],
  operations: [...READS, 'PutItem', 'DeleteItem', 'ConditionCheck'],
  'operation-worker': [...READS, ...CHANGES, ...CONSUMES],
  ownership: [...READS, 'PutItem', 'DeleteItem', 'ConditionCheck', 'ConnectToCache'],
  'group-seen': [...READS, ...CHANGES, 'ConnectToCache', ...CONSUMES],
  envelope: ['BatchGetItem', 'UpdateItem', 'PutEvents'],
  unsnooze: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'LeaveDeadLetter'],
  leases: ['BatchGetItem', 'Query', 'PutItem', 'LeaveDeadLetter'],
  integrations: [...READS, ...CHANGES, 'ReadSecret', 'WriteSecret'],
  webhook: ['GetItem', 'Query', 'PutItem', 'ReadSecret'],
  webhooks: [
    ...READS,
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'ReadSecret',
    'WriteSecret',
    'SendToQueue',
  ],
  'webhook-fanout': [
    ...READS,
    'PutItem',
    'ConditionCheck',
    ...CONSUMES,
    'SendToQueue',
    'DeleteSecret',
  ],
  'webhook-delivery': [
    ...READS,
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    ...CONSUMES,
    'ReadSecret',
    'SendToQueue',
  ],
  'webhook-attempts': ['Query', 'SendToQueue', 'LeaveDeadLetter'],
  sweeper: ['Query', 'SendToQueue', 'LeaveDeadLetter'],
  'sync-fanout': ['Query', ...CONSUMES, 'SendToQueue', 'DeleteSecret'],
  'sync-outbound': [...READS, ...CHANGES, ...CONSUMES, 'ReadSecret', 'WriteSecret'],
  'sync-inbound': [...READS, ...CHANGES, ...CONSUMES, 'ReadSecret'],
};

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: unknown | unknown[];
};

/** All that a function's role allows, as `[action, resource]`. */
function allowed(stack: Template, name: string): [string, string][] {
  const { properties } = stack.functions().get(name) ?? expect.fail(`${name} is not in the stack`);
  const role = target(properties.Role);
  expect(stack.get(role).Properties).not.toHaveProperty('ManagedPolicyArns');
  const policies = stack
    .all('AWS::IAM::Policy')
    .filter(([, policy]) => policy.Roles.some((to: unknown) => target(to) === role));
  return policies.flatMap(([, policy]) =>
    policy.PolicyDocument.Statement.flatMap((statement: Statement) => {
      if (statement.Effect === 'Deny') {
        return [];
      }
      expect(statement.Effect).toBe('Allow');
      return [statement.Action]
        .flat()
        .flatMap((action) =>
          [statement.Resource].flat().map((resource) => [action, render(resource)]),
        );
    }),
  );
}

const unique = (values: readonly string[]) => [...new Set(values)].sort();

let alice: Template;
let prod: Template;

beforeAll(() => {
  alice = synthesize('alice');
  prod = synthesize('prod');
});

describe.each(FUNCTION_NAMES)('%s', (name) => {
  const calls = (): readonly Call[] => [...CALLS[name], 'WriteLogs'];

  it('may do what it calls, and nothing else', () => {
    const expected = calls().flatMap((call) => ACTIONS[call]);
    expect(unique(allowed(alice, name).map(([action]) => action))).toEqual(unique(expected));
  });

  it('in prod may also send traces, and keep its interfaces where it uses the cache', () => {
    const isInVpc = CALLS[name].includes('ConnectToCache');
    const interfaces: readonly Call[] = isInVpc ? ['KeepInterfaces'] : [];
    // Nobody in a VPC reaches SQS.
    const made = calls().filter(
      (call) => !(isInVpc && (call === 'LeaveDeadLetter' || call === 'HideMessage')),
    );
    const expected = [...made, 'SendTraces' as const, ...interfaces].flatMap(
      (call) => ACTIONS[call],
    );
    expect(unique(allowed(prod, name).map(([action]) => action))).toEqual(unique(expected));
  });

  it('may do it to named things only', () => {
    for (const stack of [alice, prod]) {
      const wide = allowed(stack, name).filter(
        ([action, resource]) => action.includes('*') || resource.includes('*'),
      );
      // Interfaces have no names before they are made; secrets are those of one stage.
      const foreseen = (action: string, resource: string) =>
        action.startsWith('ec2:') ||
        action.startsWith('xray:') ||
        (action === 'ssm:DeleteParameter'
          ? /:parameter\/baton\/(?:alice|prod)\/organizations\/\*$/.test(resource)
          : action.startsWith('ssm:') && /:parameter\/baton\/(?:alice|prod)\/\*$/.test(resource));
      expect(wide.filter(([action, resource]) => !foreseen(action, resource))).toEqual([]);
    }
  });
});

describe('a right', () => {
  const resourcesOf = (name: string, action: string) =>
    allowed(alice, name)
      .filter(([candidate]) => candidate === action)
      .map(([, resource]) => resource.replace(/<table\w+/, '<table'))
      .sort();

  it.each<[FunctionName, string[]]>([
    ['authorizer', []],
    ['group-update', ['<table.Arn>', '<table.Arn>/index/gsi3', '<table.Arn>/index/gsi4']],
    ['unsnooze', ['<table.Arn>/index/gsi2']],
    ['leases', ['<table.Arn>', '<table.Arn>/index/gsi2']],
    ['webhook', ['<table.Arn>/index/gsi3']],
    ['sweeper', ['<table.Arn>/index/gsi2']],
  ])('of %s to query reaches %j', (name, resources) => {
    expect(resourcesOf(name, 'dynamodb:Query')).toEqual(resources);
  });

  it.each(['group-update', 'project-save', 'unsnooze'])(
    'of %s to write reaches the table',
    (name) => {
      expect(resourcesOf(name, 'dynamodb:PutItem')).toEqual(['<table.Arn>']);
    },
  );

  it('of a function with writes is enough to keep what became of a request', () => {
    const writes = routes.filter(takesKey);
    expect(writes.length).toBeGreaterThan(20);
    for (const route of writes) {
      const needed = ['Query', 'PutItem', ...(route.claimsKey ? ['DeleteItem'] : [])];
      for (const action of needed) {
        const where = `${route.operation} ${action}`;
        expect(resourcesOf(route.function, `dynamodb:${action}`), where).toContain('<table.Arn>');
      }
    }
  });

  it('to log in to the cache names the cache and the user, both', () => {
    const arn = 'arn:<AWS::Partition>:elasticache:<AWS::Region>:<AWS::AccountId>';
    expect(resourcesOf('group-update', 'elasticache:Connect')).toEqual([
      `${arn}:serverlesscache:baton-alice`,
      `${arn}:user:baton-alice`,
    ]);
  });

  it('to replace a secret does not reach the parameters that say where the stage is', () => {
    const writing = alice
      .all('AWS::IAM::Policy')
      .map(([, policy]) => policy.PolicyDocument.Statement as Statement[])
      .map((all) => all.filter(({ Action }) => [Action].flat().includes('ssm:PutParameter')))
      .filter(({ length }) => length > 0);
    expect(writing.length).toBeGreaterThan(1);
    const arn = 'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/baton/alice';
    for (const statements of writing) {
      const denied = statements.filter(({ Effect }) => Effect === 'Deny');
      expect(denied.flatMap(({ Resource }) => [Resource].flat().map(render))).toEqual([
        `${arn}/bus`,
        `${arn}/dead-letters`,
        `${arn}/table`,
        `${arn}/url`,
      ]);
    }
  });

  it('of a schedule is to invoke its one function, and to leave what it could not start', () => {
    const schedules = alice.all('AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThan(1);
    for (const [, { Target }] of schedules) {
      const [policy] = alice
        .all('AWS::IAM::Policy')
        .filter(([, { Roles }]) => target(Roles[0]) === target(Target.RoleArn));
      expect(policy?.[1].PolicyDocument.Statement).toEqual([
        { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: Target.Arn },
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Resource: Target.DeadLetterConfig.Arn,
        },
      ]);
    }
  });
});
