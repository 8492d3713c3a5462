import { type App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * What API Gateway keeps once per account and region: the role by which it writes logs. Stages with access logs
 * share it, so it is a stack of its own and outlives them.
 */
export function createRegionStack(app: App): Stack {
  const stack = new Stack(app, 'baton-region', {
    description: 'Baton, once per account and region: the role by which API Gateway writes logs',
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
  const account = new apigateway.CfnAccount(stack, 'gateway-account', {
    cloudWatchRoleArn: role.roleArn,
  });
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return stack;
}
