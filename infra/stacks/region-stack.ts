import { readFileSync } from 'node:fs';
import { type App, CustomResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Gives the account's gateway a role for its logs, unless it has one. */
const SET_LOG_ROLE = new URL('./set-log-role.cjs', import.meta.url);

/**
 * What API Gateway keeps once per account and region: the role by which it writes logs. Stages with
 * access logs share it, so it is a stack of its own, protected from `destroy --all`, and outlives
 * them. Other people's APIs share it too: `AWS::ApiGateway::Account` would put ours in the place of
 * theirs, so a function sets it where there is none.
 */
export function createRegionStack(app: App): Stack {
  const stack = new Stack(app, 'baton-region', {
    description: 'Baton, once per account and region: the role by which API Gateway writes logs',
    terminationProtection: true,
    tags: { application: 'baton' },
  });
  const role = new iam.Role(stack, 'gateway-logs', {
    assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      iam.ManagedPolicy.fromAwsManagedPolicyName(
        'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      ),
    ],
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: 'It is the policy that API Gateway asks for, for every API of the region.',
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const setter = createSetter(stack, role);
  new CustomResource(stack, 'gateway-log-role', {
    serviceToken: setter.functionArn,
    properties: { RoleArn: role.roleArn },
  });
  return stack;
}

/**
 * The function behind the custom resource: it reads and writes the account's settings of API
 * Gateway, nothing else.
 */
function createSetter(stack: Stack, logs: iam.Role): lambda.Function {
  const logGroup = new LogGroup(stack, 'set-log-role-logs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(stack, 'set-log-role-role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['apigateway:GET', 'apigateway:PATCH'],
      resources: [stack.formatArn({ service: 'apigateway', account: '', resource: '/account' })],
    }),
  );
  logs.grantPassRole(role);
  const fn = new lambda.Function(stack, 'set-log-role', {
    description: 'Sets the role by which API Gateway writes logs, unless the account has one',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromInline(readFileSync(SET_LOG_ROLE, 'utf8')),
    handler: 'index.handler',
    timeout: Duration.minutes(2),
    role,
    logGroup,
  });
  // Its rights have to be there before CloudFormation calls it.
  fn.node.addDependency(role);
  return fn;
}
