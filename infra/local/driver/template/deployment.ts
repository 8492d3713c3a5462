import type { CreatedTable } from '../engines/create-table.ts';
import { LOCAL_REGION } from '../services/aws-json.ts';
import type { Assembly } from './assembly.ts';
import { usedProperties } from './require-supported-template.ts';
import { createResolver, type Identity, type Resource } from './template.ts';

export const LOCAL_ACCOUNT = '000000000000';

/** A resource with its properties resolved, without those that the driver ignores. */
export type Deployed = {
  readonly logicalId: string;
  /** The path of its properties in the template, for errors. */
  readonly path: string;
  readonly name: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

export type Deployment = ReturnType<typeof createDeployment>;

type DeploymentOptions = {
  assembly: Assembly;
  /** The created tables, by logical id. */
  tables: ReadonlyMap<string, CreatedTable>;
  /** The base of the URLs of the queues. */
  sqsEndpoint: string;
  /** Environment variables that the driver sets: their values in the template are not resolved. */
  replacedVariables: readonly string[];
};

/**
 * The template on this machine: every resource has a name and an ARN, and every reference a value.
 */
export function createDeployment({
  assembly: { template, stackName },
  tables,
  sqsEndpoint,
  replacedVariables,
}: DeploymentOptions) {
  const identityOf = (logicalId: string): Identity | undefined => {
    const resource = template.Resources[logicalId];
    const describe = resource && IDENTITIES[resource.Type];
    if (!describe) {
      return undefined;
    }
    const name = nameOf(resource, logicalId, stackName);
    return describe({ name, sqsEndpoint, table: tables.get(logicalId) });
  };

  const resolve = createResolver({
    template,
    identityOf,
    pseudoParameters: {
      'AWS::AccountId': LOCAL_ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::Region': LOCAL_REGION,
      'AWS::StackId': arnOf('cloudformation', `stack/${stackName}`),
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    },
  });

  const deploy = (logicalId: string, resource: Resource): Deployed => {
    const path = `Resources.${logicalId}.Properties`;
    const properties = Object.entries(usedProperties(resource)).map(([name, value]) => {
      const wanted = name === 'Environment' ? withoutReplaced(value, replacedVariables) : value;
      return [name, resolve(wanted, `${path}.${name}`)];
    });
    return {
      logicalId,
      path,
      name: nameOf(resource, logicalId, stackName),
      arn: identityOf(logicalId)?.attributes.Arn ?? '',
      properties: Object.fromEntries(properties),
    };
  };

  return {
    /** All resources of a type. */
    resourcesOf: (type: string): Deployed[] =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => deploy(logicalId, resource)),
  };
}

/** The physical name: that of the template, or one that is the same in every run. */
export function nameOf(resource: Resource, logicalId: string, stackName: string): string {
  const property = NAME_PROPERTIES[resource.Type] ?? 'Name';
  const own = resource.Properties?.[property];
  if (typeof own === 'string') {
    return own;
  }
  return `${stackName}-${logicalId}${resource.Properties?.FifoQueue === true ? '.fifo' : ''}`;
}

const NAME_PROPERTIES: Record<string, string> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
};

type Facts = { name: string; sqsEndpoint: string; table: CreatedTable | undefined };

const IDENTITIES: Record<string, (facts: Facts) => Identity> = {
  'AWS::ApiGateway::RestApi': () => ({
    ref: 'local',
    attributes: { RestApiId: 'local', RootResourceId: 'root' },
  }),
  'AWS::DynamoDB::GlobalTable': ({ name, table }) => ({
    ref: name,
    attributes: {
      Arn: table?.arn ?? '',
      ...(table?.streamArn && { StreamArn: table.streamArn }),
    },
  }),
  'AWS::EC2::RouteTable': ({ name }) => ({ ref: name, attributes: {} }),
  'AWS::EC2::SecurityGroup': ({ name }) => ({ ref: name, attributes: { GroupId: name } }),
  'AWS::EC2::Subnet': ({ name }) => ({ ref: name, attributes: {} }),
  'AWS::Events::EventBus': ({ name }) => ({
    ref: name,
    attributes: { Arn: arnOf('events', `event-bus/${name}`), Name: name },
  }),
  'AWS::Events::Rule': ({ name }) => ({
    ref: name,
    attributes: { Arn: arnOf('events', `rule/${name}`) },
  }),
  'AWS::IAM::ManagedPolicy': ({ name }) => {
    const arn = globalArn('iam', `policy/${name}`);
    return { ref: arn, attributes: { Arn: arn } };
  },
  'AWS::IAM::Role': ({ name }) => ({
    ref: name,
    attributes: { Arn: globalArn('iam', `role/${name}`) },
  }),
  'AWS::Lambda::Function': ({ name }) => ({
    ref: name,
    attributes: { Arn: arnOf('lambda', `function:${name}`) },
  }),
  'AWS::Logs::LogGroup': ({ name }) => ({
    ref: name,
    attributes: { Arn: arnOf('logs', `log-group:${name}:*`) },
  }),
  'AWS::SQS::Queue': ({ name, sqsEndpoint }) => {
    const url = `${sqsEndpoint}/${LOCAL_ACCOUNT}/${name}`;
    return {
      ref: url,
      attributes: { Arn: arnOf('sqs', name), QueueName: name, QueueUrl: url },
    };
  },
  'AWS::Scheduler::Schedule': ({ name }) => ({
    ref: name,
    attributes: { Arn: arnOf('scheduler', `schedule/default/${name}`) },
  }),
};

/** The ARN of a resource in the local region and account. */
export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}

/** The ARN of a resource without a region. */
export function globalArn(service: string, resource: string): string {
  return `arn:aws:${service}::${LOCAL_ACCOUNT}:${resource}`;
}

function withoutReplaced(environment: unknown, replaced: readonly string[]): unknown {
  const { Variables = {} } = environment as { Variables?: Record<string, unknown> };
  const kept = Object.entries(Variables).map(([name, value]) => [
    name,
    replaced.includes(name) ? '' : value,
  ]);
  return { Variables: Object.fromEntries(kept) };
}
