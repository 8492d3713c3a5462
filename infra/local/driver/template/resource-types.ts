/**
 * The keys of an object: those that the driver uses, and those that have no effect on one machine.
 */
export type Keys = {
  readonly used: readonly string[];
  readonly ignored: readonly string[];
};

/**
 * The resource types that the driver runs, with the properties that it uses and those that it
 * ignores. Any other property is refused, since the local stack could differ from the deployed one
 * without it.
 */
export const SUPPORTED_TYPES: Record<string, Keys & { parts?: Record<string, Keys> }> = {
  'AWS::ApiGateway::RestApi': {
    used: ['Body'],
    ignored: [
      'ApiKeySourceType',
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointConfiguration',
      'FailOnWarnings',
      'Mode',
      'Name',
      'Parameters',
      'Policy',
      'Tags',
    ],
  },
  'AWS::ApiGateway::Stage': {
    used: ['StageName', 'RestApiId'],
    ignored: [
      'AccessLogSetting',
      'DeploymentId',
      'Description',
      'MethodSettings',
      'Tags',
      'TracingEnabled',
    ],
  },
  'AWS::DynamoDB::GlobalTable': {
    used: [
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TableName',
      'TimeToLiveSpecification',
    ],
    ignored: [
      'BillingMode',
      'Replicas',
      'SSESpecification',
      'WarmThroughput',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
  },
  'AWS::EC2::SecurityGroupIngress': {
    used: ['GroupId', 'SourceSecurityGroupId'],
    ignored: ['Description', 'FromPort', 'IpProtocol', 'ToPort'],
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    used: ['RouteTableId', 'SubnetId'],
    ignored: [],
  },
  'AWS::EC2::VPCEndpoint': {
    used: ['RouteTableIds', 'ServiceName', 'VpcEndpointType'],
    ignored: ['Tags', 'VpcId'],
  },
  'AWS::ElastiCache::ServerlessCache': {
    used: ['SecurityGroupIds'],
    ignored: [
      'CacheUsageLimits',
      'ConnectionType',
      'Description',
      'Engine',
      'MajorEngineVersion',
      'ServerlessCacheName',
      'SubnetIds',
      'Tags',
      'UserGroupId',
    ],
  },
  'AWS::Events::EventBus': {
    used: ['Name'],
    ignored: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Tags'],
  },
  'AWS::Events::Rule': {
    used: ['EventBusName', 'EventPattern', 'Name', 'State', 'Targets'],
    ignored: ['Description', 'RoleArn', 'Tags'],
    parts: {
      Targets: {
        used: ['Arn', 'SqsParameters'],
        ignored: ['DeadLetterConfig', 'Id', 'RetryPolicy', 'RoleArn'],
      },
    },
  },
  'AWS::IAM::ManagedPolicy': {
    used: ['ManagedPolicyName', 'PolicyDocument', 'Roles'],
    ignored: ['Description', 'Path'],
  },
  'AWS::IAM::Policy': {
    used: ['PolicyDocument', 'Roles'],
    ignored: ['PolicyName'],
  },
  'AWS::IAM::Role': {
    used: ['ManagedPolicyArns', 'Policies', 'RoleName'],
    ignored: ['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Path', 'Tags'],
  },
  'AWS::Lambda::EventInvokeConfig': {
    used: ['DestinationConfig', 'FunctionName', 'MaximumRetryAttempts', 'Qualifier'],
    ignored: ['MaximumEventAgeInSeconds'],
  },
  'AWS::Lambda::EventSourceMapping': {
    used: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'ScalingConfig',
      'StartingPosition',
    ],
    ignored: ['KmsKeyArn', 'MetricsConfig', 'Tags'],
  },
  'AWS::Lambda::Function': {
    used: [
      'Code',
      'Environment',
      'FunctionName',
      'Handler',
      'LoggingConfig',
      'MemorySize',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'Timeout',
      'TracingConfig',
      'VpcConfig',
    ],
    ignored: [
      'Architectures',
      'Description',
      'EphemeralStorage',
      'KmsKeyArn',
      'RecursiveLoop',
      'RuntimeManagementConfig',
      'Tags',
    ],
    parts: {
      LoggingConfig: {
        used: ['ApplicationLogLevel', 'LogFormat', 'LogGroup'],
        ignored: ['SystemLogLevel'],
      },
    },
  },
  'AWS::SQS::Queue': {
    used: [
      'ContentBasedDeduplication',
      'DeduplicationScope',
      'DelaySeconds',
      'FifoQueue',
      'QueueName',
      'RedrivePolicy',
      'VisibilityTimeout',
    ],
    ignored: [
      'FifoThroughputLimit',
      'KmsDataKeyReusePeriodSeconds',
      'KmsMasterKeyId',
      'MessageRetentionPeriod',
      'ReceiveMessageWaitTimeSeconds',
      'RedriveAllowPolicy',
      'SqsManagedSseEnabled',
      'Tags',
    ],
  },
  'AWS::SSM::Parameter': {
    used: ['Name', 'Type', 'Value'],
    ignored: ['AllowedPattern', 'DataType', 'Description', 'Policies', 'Tags', 'Tier'],
  },
  'AWS::Scheduler::Schedule': {
    used: ['Name', 'ScheduleExpression', 'State', 'Target'],
    ignored: [
      'Description',
      'FlexibleTimeWindow',
      'GroupName',
      'KmsKeyArn',
      'ScheduleExpressionTimezone',
    ],
    parts: {
      Target: {
        used: ['Arn', 'DeadLetterConfig', 'Input', 'RoleArn'],
        ignored: ['RetryPolicy'],
      },
    },
  },
};

/**
 * Resource types that have no effect on one machine: networks, logs, alarms, the cache (a local
 * engine is used).
 */
export const IGNORED_TYPES = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::FlowLog',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::ElastiCache::User',
  'AWS::ElastiCache::UserGroup',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::WAFv2::WebACL',
  'AWS::WAFv2::WebACLAssociation',
]);
