import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';

/**
 * The topic that alarms publish to. A policy of its own replaces the one by which SNS lets
 * CloudWatch publish, so the alarms are named in it: these, of this account, over TLS, and nobody
 * else.
 */
export function createAlarmTopic(
  scope: Construct,
  settings: StageSettings,
  alarmNames: readonly string[],
): sns.Topic {
  const topic = new sns.Topic(scope, 'alarms', { enforceSSL: true });
  const stack = Stack.of(scope);
  const alarmArn = (resourceName: string) =>
    stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisStage',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': alarmNames.map(alarmArn) },
        StringEquals: { 'aws:SourceAccount': stack.account },
      },
    }),
  );
  if (settings.alarmEmail !== null) {
    topic.addSubscription(new EmailSubscription(settings.alarmEmail));
  }
  return topic;
}
