import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The ports of a serverless cache: one that reads and writes, one that reads from replicas. */
const CACHE_PORTS = ec2.Port.tcpRange(6379, 6380);

/**
 * What it takes for Lambda to keep network interfaces; EC2 offers no narrower resource for these
 * actions.
 */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * A VPC without a way out: from inside, the cache and, through a gateway endpoint, DynamoDB can be
 * reached. Any other AWS call hangs there until it times out, so whoever makes one stays outside.
 */
export function createNetwork(scope: Construct) {
  const vpc = new ec2.Vpc(scope, 'vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 20 },
    ],
    gatewayEndpoints: { dynamodb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB } },
    // Its custom resource would be a function of somebody else's in our stack; nothing uses the
    // default group.
    restrictDefaultSecurityGroup: false,
    // The class declares optional properties looser than its own interface does.
  }) as ec2.IVpc;
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions::AwsSolutions-VPC7',
    reason: 'Nothing enters or leaves but calls to the cache and to DynamoDB.',
  });
  const functions = new ec2.SecurityGroup(scope, 'functions-group', {
    vpc,
    description: 'Functions that use the cache',
  });
  const cache = new ec2.SecurityGroup(scope, 'cache-group', {
    vpc,
    description: 'The cache, open to functions only',
    allowAllOutbound: false,
  });
  cache.addIngressRule(functions, CACHE_PORTS, 'Functions to the cache');

  return {
    /** The properties of a function that is to run inside. */
    placement: {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [functions],
    },
    subnetIds: vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
    cacheSecurityGroupIds: [cache.securityGroupId],
    grantInterfaces(role: iam.Role): void {
      role.addToPolicy(new iam.PolicyStatement({ actions: INTERFACE_ACTIONS, resources: ['*'] }));
      Validations.of(role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'Lambda keeps the interfaces of the VPC; their ids are not known beforehand.',
      });
    },
  };
}

/** A VPC and the places in it. */
export type Network = ReturnType<typeof createNetwork>;
