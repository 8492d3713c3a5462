/**
 * The keys of an object: those that the driver obeys, and those that make no difference on one
 * machine.
 */
export type Keys = {
  readonly obeyed: readonly string[];
  readonly withoutMeaning: readonly string[];
};

/**
 * Every resource type that a template may hold. One that the driver runs has the list of properties
 * that it obeys and of those that make no difference on one machine; a property that is in neither
 * is refused, since ignoring it could make the local stack behave differently from the deployed
 * one.
 */
export const DRIVEN: Record<string, Keys & { parts?: Record<string, Keys> }> = {
  'AWS::ApiGateway::RestApi': {
    obeyed: ['Body'],
    withoutMeaning: [
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
    obeyed: ['StageName', 'RestApiId'],
    withoutMeaning: [
      'AccessLogSetting',
      'DeploymentId',
      'Description',
      'MethodSettings',
      'Tags',
      'TracingEnabled',
    ],
  },
  'AWS::DynamoDB::GlobalTable': {
    obeyed: [
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TableName',
      'TimeToLiveSpecification',
    ],
    withoutMeaning: [
      'BillingMode',
      'Replicas',
      'SSESpecification',
      'WarmThroughput',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
  },
  'AWS::EC2::SecurityGroupIngress': {
    obeyed: ['GroupId', 'SourceSecurityGroupId'],
    withoutMeaning: ['Description', 'FromPort', 'IpProtocol', 'ToPort'],
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    obeyed: ['RouteTableId', 'SubnetId'],
    withoutMeaning: [],
  },
  'AWS::EC2::VPCEndpoint': {
    obeyed: ['RouteTableIds', 'ServiceName', 'VpcEndpointType'],
    withoutMeaning: ['Tags', 'VpcId'],
  },
  'AWS::ElastiCache::ServerlessCache': {
    obeyed: ['SecurityGroupIds'],
    withoutMeaning: [
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
    obeyed: ['Name'],
    withoutMeaning: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Tags'],
  },
  'AWS::Events::Rule': {
    obeyed: ['EventBusName', 'EventPattern', 'Name', 'State', 'Targets'],
    withoutMeaning: ['Description', 'RoleArn', 'Tags'],
    parts: {
      Targets: {
        obeyed: ['Arn', 'SqsParameters'],
        withoutMeaning: ['DeadLetterConfig', 'Id', 'RetryPolicy', 'RoleArn'],
      },
    },
  },
  'AWS::IAM::ManagedPolicy': {
    obeyed: ['ManagedPolicyName', 'PolicyDocument', 'Roles'],
    withoutMeaning: ['Description', 'Path'],
  },
  'AWS::IAM::Policy': {
    obeyed: ['PolicyDocument', 'Roles'],
    withoutMeaning: ['PolicyName'],
  },
  'AWS::IAM::Role': {
    obeyed: ['ManagedPolicyArns', 'Policies', 'RoleName'],
    withoutMeaning: [
      'AssumeRolePolicyDocument',
      'Description',
      'MaxSessionDuration',
      'Path',
      'Tags',
    ],
  },
  'AWS::Lambda::EventInvokeConfig': {
    obeyed: ['DestinationConfig', 'FunctionName', 'MaximumRetryAttempts', 'Qualifier'],
    withoutMeaning: ['MaximumEventAgeInSeconds'],
  },
  'AWS::Lambda::EventSourceMapping': {
    obeyed: [
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
    withoutMeaning: ['KmsKeyArn', 'MetricsConfig', 'Tags'],
  },
  'AWS::Lambda::Function': {
    obeyed: [
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
    withoutMeaning: [
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
        obeyed: ['ApplicationLogLevel', 'LogFormat', 'LogGroup'],
        withoutMeaning: ['SystemLogLevel'],
      },
    },
  },
  'AWS::SQS::Queue': {
    obeyed: [
      'ContentBasedDeduplication',
      'DeduplicationScope',
      'DelaySeconds',
      'FifoQueue',
      'QueueName',
      'RedrivePolicy',
      'VisibilityTimeout',
    ],
    withoutMeaning: [
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
    obeyed: ['Name', 'Type', 'Value'],
    withoutMeaning: ['AllowedPattern', 'DataType', 'Description', 'Policies', 'Tags', 'Tier'],
  },
  'AWS::Scheduler::Schedule': {
    obeyed: ['Name', 'ScheduleExpression', 'State', 'Target'],
    withoutMeaning: [
      'Description',
      'FlexibleTimeWindow',
      'GroupName',
      'KmsKeyArn',
      'ScheduleExpressionTimezone',
    ],
    parts: {
      Target: {
        obeyed: ['Arn', 'DeadLetterConfig', 'Input', 'RoleArn'],
        withoutMeaning: ['RetryPolicy'],
      },
    },
  },
};

/**
 * Known types that have nothing to do on one machine: networks, logs, alarms, the cache (an
 * engine stands in).
 */
export const WITHOUT_LOCAL_MEANING = new Set([
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
