import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { FunctionSpec } from '../functions.ts';
import { type StageSettings, stageName } from '../stages.ts';
import type { Network } from './network.ts';

type FunctionInput = {
  readonly name: string;
  readonly spec: FunctionSpec;
  readonly settings: StageSettings;
  /** Where the bundles are; the function's own folder is below it. */
  readonly bundles: string;
  /** The VPC of the stage, for a function that uses the cache; undefined outside of one. */
  readonly network: Network | undefined;
};

/**
 * A function of the catalog with a role and a log group of its own. The role may write those logs,
 * and be in the VPC where it is; every other right comes from binding the function to something.
 */
export function createFunction(scope: Construct, input: FunctionInput): lambda.Function {
  const { name, spec, settings, bundles, network } = input;
  const functionName = stageName(settings, name);
  // Without a name of its own: one that was retained would stand in the way of the stack's return.
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
    // The lines of Lambda itself, too: reports, and errors that nobody caught.
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel[settings.logs.level],
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
    ...(settings.tracing && { tracing: lambda.Tracing.ACTIVE }),
    environment: {
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_SERVICE_NAME: 'baton',
      POWERTOOLS_METRICS_NAMESPACE: 'Baton',
      [ENV.stage]: settings.name,
      [ENV.rateLimits]: settings.rateLimits,
      [ENV.snowflake]: JSON.stringify(settings.snowflake),
    },
    ...network?.placement,
  });
}
