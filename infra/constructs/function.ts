import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { type StageSettings, stageName } from '../stages.ts';
import type { Network } from './network.ts';

type FunctionInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly settings: StageSettings;
  /** The folder of the bundles; each function has a folder below it. */
  readonly bundles: string;
  /** The VPC for functions that use the cache; undefined without one. */
  readonly network: Network | undefined;
};

/**
 * A function of the catalog, with its own role and log group. The role may write to these logs, and
 * use the VPC if there is one. Every other right comes from a binding.
 */
export function createFunction(scope: Construct, input: FunctionInput): lambda.Function {
  const { name, spec, settings, bundles, network } = input;
  const functionName = stageName(settings, name);
  // Without a physical name: a retained log group of that name would prevent creating the stack
  // again.
  const logGroup = new logs.LogGroup(scope, `${name}-logs`, {
    retention: settings.logs.retentionDays,
    removalPolicy: settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  const role = new iam.Role(scope, `${name}-role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  network?.grantInterfaces(role);
  if (settings.tracing) {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources for the segments that a function sends.',
    });
  }
  return new lambda.Function(scope, name, {
    functionName,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(join(bundles, name)),
    handler: 'index.handler',
    memorySize: settings.memoryMb[spec.size],
    timeout: Duration.seconds(spec.timeoutSeconds),
    role,
    logGroup,
    // Also for the lines of Lambda itself: reports and uncaught errors.
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel[settings.logs.level],
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
    ...(settings.tracing && { tracing: lambda.Tracing.ACTIVE }),
    environment: {
      [ENV.stage]: settings.name,
      [ENV.rateLimits]: settings.rateLimits,
      ...(settings.allowedOrigins.length > 0 && {
        [ENV.allowedOrigins]: settings.allowedOrigins.join(','),
      }),
      [ENV.snowflake]: JSON.stringify(settings.snowflake),
    },
    ...network?.placement,
  });
}
