/**
 * What CloudFormation refuses or AWS never runs, and the validator of the CDK lets through: one
 * finder for each fault, which answers a sentence for every place where it finds it.
 */
import { ENV } from '../../shared/env.ts';
import { render, type Template, target } from '../infra/template.ts';

type Finder = (template: Template) => string[];

/** The services and actions that our policies may name, as IAM spells them. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    'BatchGetItem',
    'BatchWriteItem',
    'ConditionCheckItem',
    'DeleteItem',
    'DescribeStream',
    'GetItem',
    'GetRecords',
    'GetShardIterator',
    'ListStreams',
    'PutItem',
    'Query',
    'UpdateItem',
  ],
  ec2: [
    'AssignPrivateIpAddresses',
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'UnassignPrivateIpAddresses',
  ],
  elasticache: ['Connect'],
  events: ['PutEvents'],
  lambda: ['InvokeFunction'],
  logs: ['CreateLogStream', 'PutLogEvents'],
  sns: ['Publish'],
  sqs: [
    'ChangeMessageVisibility',
    'DeleteMessage',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ReceiveMessage',
    'SendMessage',
  ],
  ssm: ['DeleteParameter', 'GetParameter', 'PutParameter'],
  sts: ['AssumeRole'],
  xray: ['PutTelemetryRecords', 'PutTraceSegments'],
};

const POLICY_TYPES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

type Statement = { readonly Action: string | string[]; readonly Effect: string };

function actionsOf(template: Template): [string, string][] {
  return POLICY_TYPES.flatMap((type) =>
    template.all(type).flatMap(([id, properties]) => {
      const document = properties.PolicyDocument ?? properties.AssumeRolePolicyDocument;
      return (document.Statement as Statement[])
        .flatMap(({ Action }) => Action)
        .map((action): [string, string] => [id, action]);
    }),
  );
}

/** A queue's statement may deny all of a service's actions, which is no typing error. */
const isWhole = (name: string) => name === '*';

const queueOf = (template: Template, { EventSourceArn }: { EventSourceArn: unknown }) => {
  const source = render(EventSourceArn);
  return source.endsWith('.Arn>') ? template.get(target(EventSourceArn)).Properties : undefined;
};

/** Variables that Lambda sets itself and refuses from anybody else. */
const RESERVED = /^(?:AWS_(?!LAMBDA_EXEC_WRAPPER)|LAMBDA_|_HANDLER|_X_AMZN_)/;
const GATEWAY_LIMIT_MS = 29_000;

type Operation = {
  readonly 'x-amazon-apigateway-integration': {
    readonly uri: unknown;
    readonly timeoutInMillis: number;
  };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
};

function operationsOf(template: Template): [string, Operation][] {
  const { paths } = template.only('AWS::ApiGateway::RestApi').Properties.Body;
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
}

/** The logical id of the function that an integration invokes. */
const invoked = (uri: unknown) => /functions\/<([^.>]+)\.Arn>/.exec(render(uri))?.[1] ?? '';

export const FAULTS = {
  'an action that IAM does not know': (template) =>
    actionsOf(template).flatMap(([id, action]) => {
      const [service = '', name = ''] = action.split(':');
      const known = ACTIONS[service];
      return known === undefined || isWhole(name) || known.includes(name)
        ? []
        : [`${id}: ${action}`];
    }),
  'a service that IAM does not know': (template) =>
    actionsOf(template)
      .filter(([, action]) => !((action.split(':')[0] ?? '') in ACTIONS))
      .map(([id, action]) => `${id}: ${action}`),
  'a variable that Lambda keeps for itself': (template) =>
    template.all('AWS::Lambda::Function').flatMap(([id, { Environment }]) =>
      Object.keys(Environment?.Variables ?? {})
        .filter((name) => RESERVED.test(name))
        .map((name) => `${id}: ${name}`),
    ),
  'a batching window on a FIFO queue': (template) =>
    template
      .all('AWS::Lambda::EventSourceMapping')
      .filter(
        ([, mapping]) =>
          queueOf(template, mapping)?.FifoQueue === true &&
          (mapping.MaximumBatchingWindowInSeconds ?? 0) > 0,
      )
      .map(([id]) => id),
  'a key of the table that is not declared, or declared and no key': (template) =>
    template.all('AWS::DynamoDB::GlobalTable').flatMap(([id, table]) => {
      const keys = [table, ...(table.GlobalSecondaryIndexes ?? [])].flatMap(({ KeySchema }) =>
        KeySchema.map(({ AttributeName }: { AttributeName: string }) => AttributeName),
      );
      const declared = table.AttributeDefinitions.map(
        ({ AttributeName }: { AttributeName: string }) => AttributeName,
      );
      return [...new Set([...keys, ...declared])]
        .filter((name) => keys.includes(name) !== declared.includes(name))
        .map((name) => `${id}: ${name}`);
    }),
  'a mapping of a stream that the table does not have': (template) =>
    template
      .all('AWS::Lambda::EventSourceMapping')
      .filter(
        ([, { EventSourceArn }]) =>
          render(EventSourceArn).endsWith('.StreamArn>') &&
          template.get(target(EventSourceArn)).Properties.StreamSpecification === undefined,
      )
      .map(([id]) => id),
  'an engine of the cache that is not valkey, which costs fifteen times as much or does not exist':
    (template) =>
      ['ServerlessCache', 'User', 'UserGroup'].flatMap((kind) =>
        template
          .all(`AWS::ElastiCache::${kind}`)
          .filter(([, { Engine }]) => Engine !== 'valkey')
          .map(([id, { Engine }]) => `${id}: ${Engine}`),
      ),
  'a name of the cache that ElastiCache refuses': (template) =>
    template
      .all('AWS::ElastiCache::ServerlessCache')
      .filter(([, { ServerlessCacheName: name }]) => !/^[a-z](?:-?[a-z0-9]){0,39}$/.test(name))
      .map(([id, { ServerlessCacheName: name }]) => `${id}: ${name}`),
  'a user of the cache whose id is not its name, which IAM does not let in': (template) =>
    template
      .all('AWS::ElastiCache::User')
      .filter(
        ([, { UserId, UserName, AuthenticationMode }]) =>
          AuthenticationMode.Type === 'iam' && UserId !== UserName,
      )
      .map(([id]) => id),
  'a function told another user or cache than there is': (template) => {
    const user = template.only('AWS::ElastiCache::User').Properties.UserName;
    const cache = template.only('AWS::ElastiCache::ServerlessCache').Properties.ServerlessCacheName;
    return template
      .all('AWS::Lambda::Function')
      .filter(([, { Environment }]) => {
        const { [ENV.cacheUser]: userOf, [ENV.cacheName]: cacheOf } = Environment?.Variables ?? {};
        return (
          (userOf !== undefined && userOf !== user) || (cacheOf !== undefined && cacheOf !== cache)
        );
      })
      .map(([id]) => id);
  },
  'a path that API Gateway does not take': (template) =>
    operationsOf(template).flatMap(([route, { parameters = [] }]) => {
      const path = route.replace(/^\w+ /, '');
      const wellFormed = /^(?:\/(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9_]+\+?\}))+$/.test(path);
      const named = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      const same =
        named.length === declared.length && named.every((n) => declared.includes(n ?? ''));
      return wellFormed && same ? [] : [route];
    }),
  'an integration that may take longer than the gateway waits': (template) =>
    operationsOf(template)
      .filter(([, operation]) => {
        const integration = operation['x-amazon-apigateway-integration'];
        const { Timeout } = template.get(invoked(integration.uri)).Properties;
        return (
          integration.timeoutInMillis > GATEWAY_LIMIT_MS ||
          Timeout * 1_000 >= integration.timeoutInMillis
        );
      })
      .map(([route]) => route),
  'a function that the gateway may not invoke': (template) => {
    const permitted = new Set(
      template
        .all('AWS::Lambda::Permission')
        .filter(([, { Principal }]) => Principal === 'apigateway.amazonaws.com')
        .map(([, { FunctionName }]) => target(FunctionName)),
    );
    const authorizer = template.only('AWS::ApiGateway::RestApi').Properties.Body.components
      .securitySchemes.token['x-amazon-apigateway-authorizer'].authorizerUri;
    const called = operationsOf(template).map(
      ([route, operation]) => [route, operation['x-amazon-apigateway-integration'].uri] as const,
    );
    return [...called, ['the authorizer', authorizer] as const]
      .filter(([, uri]) => !permitted.has(invoked(uri)))
      .map(([route]) => route);
  },
} as const satisfies Record<string, Finder>;

export type Fault = keyof typeof FAULTS;
