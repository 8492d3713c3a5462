import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';

/**
 * The topic that alarms publish to. Its own policy replaces the default one, by which SNS lets
 * CloudWatch publish. So it allows publishing for exactly these alarms of this account, over TLS.
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
