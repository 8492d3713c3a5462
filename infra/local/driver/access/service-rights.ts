import type { Functions } from '../lambda/functions.ts';
import { functionOf, mappingsOf } from '../template/connections.ts';
import { arnOf, type Deployed, type Deployment, globalArn } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';
import type { Access } from './access.ts';
import { cacheDemands, type Demand } from './demands.ts';
import type { RoleOf } from './roles.ts';

type CacheNames = { readonly cache: string; readonly user: string };

type RightsOptions = {
  deployment: Deployment;
  access: Access;
  roleOf: RoleOf;
  functions: Functions;
  /** The environment variables with the names of the cache and of the user that logs in to it. */
  cacheNames: CacheNames;
};

const READ_QUEUE = ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'];
const KEEP_INTERFACES = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
];
const READ_STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/**
 * Checks the rights that AWS services need to act for a function or a schedule: to write its log,
 * to read its queue or stream, to invoke it, to send to its failure destination, and to log in to
 * the cache. AWS refuses the deployment without most of them; without the others the function fails
 * only when it runs.
 *
 * @throws Error with the path in the template and the missing right
 */
export function requireServiceRights({
  deployment,
  access,
  roleOf,
  functions,
  cacheNames,
}: RightsOptions): void {
  const require = (keyId: string, path: string, demands: Demand[]) => {
    const refused = access.check(keyId, demands);
    if (refused) {
      throw refusal(path, refused.message);
    }
  };

  const nameOf = (nameOrArn: string) => functionOf(functions, nameOrArn).name;

  for (const deployed of deployment.resourcesOf('AWS::Lambda::Function')) {
    const demands = [...runtimeDemands(deployed), ...loginDemands(deployed, cacheNames)];
    require(nameOf(deployed.arn), deployed.path, demands);
  }
  for (const { deployed, mapping } of mappingsOf(deployment)) {
    const { EventSourceArn: source, DestinationConfig } = mapping;
    const reading = source.startsWith('arn:aws:sqs:')
      ? on(source, 'sqs', READ_QUEUE)
      : on(source, 'dynamodb', READ_STREAM);
    const demands = [...reading, ...leaving(DestinationConfig?.OnFailure?.Destination)];
    require(nameOf(mapping.FunctionName), deployed.path, demands);
  }
  for (const { path, properties } of deployment.resourcesOf('AWS::Lambda::EventInvokeConfig')) {
    const { OnFailure, OnSuccess } = Object(properties.DestinationConfig);
    const demands = [...leaving(OnFailure?.Destination), ...leaving(OnSuccess?.Destination)];
    require(nameOf(String(properties.FunctionName)), path, demands);
  }
  for (const { name, path, properties } of deployment.resourcesOf('AWS::Scheduler::Schedule')) {
    const { Arn, RoleArn, DeadLetterConfig } = Object(properties.Target);
    const { statements, name: role } = roleOf(RoleArn, `${path}.Target.RoleArn`);
    const keyId = `schedule ${name}`;
    access.add({ keyId, principal: assumedRole(role, name), statements });
    const demands = [...on(Arn, 'lambda', ['InvokeFunction']), ...leaving(DeadLetterConfig?.Arn)];
    require(keyId, path, demands);
  }
}

/** The principal of a session that has assumed a role. */
export function assumedRole(role: string, session: string): string {
  return globalArn('sts', `assumed-role/${role}/${session}`);
}

function runtimeDemands({ properties }: Deployed): Demand[] {
  const { LogGroup } = Object(properties.LoggingConfig);
  const { Mode } = Object(properties.TracingConfig);
  const isInVpc = properties.VpcConfig !== undefined;
  return [
    ...(LogGroup === undefined
      ? []
      : on(arnOf('logs', `log-group:${LogGroup}:log-stream:local`), 'logs', [
          'CreateLogStream',
          'PutLogEvents',
        ])),
    ...(Mode === 'Active' ? on('*', 'xray', ['PutTelemetryRecords', 'PutTraceSegments']) : []),
    ...(isInVpc ? on('*', 'ec2', KEEP_INTERFACES) : []),
  ];
}

/** The login to the cache is checked here: the local engine takes no tokens. */
function loginDemands({ properties }: Deployed, names: CacheNames): Demand[] {
  const { Variables } = Object(properties.Environment);
  const { [names.cache]: cache, [names.user]: user } = Object(Variables);
  return cache === undefined ? [] : cacheDemands(String(cache), String(user), arnOf);
}

function leaving(queueArn: string | undefined): Demand[] {
  return queueArn === undefined ? [] : on(queueArn, 'sqs', ['SendMessage']);
}

function on(resource: string, service: string, operations: readonly string[]): Demand[] {
  return operations.map((operation) => ({ action: `${service}:${operation}`, resource }));
}
