import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Work that nobody has taken for this long is late by more than any retry explains. */
const OLDEST_MESSAGE_AGE = Duration.minutes(15);

/** Events leave the table within a second; a relay this far behind is stuck. */
const RELAY_AGE = Duration.minutes(1);

/** The stack's alarms and the topic that they ring; whoever is on call subscribes to it. */
export function createAlarms(scope: Construct) {
  const topic = new sns.Topic(scope, 'alarms', { enforceSSL: true });

  function ring(id: string, props: cloudwatch.AlarmProps): void {
    const alarm = new cloudwatch.Alarm(scope, id, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }

  return {
    topic,
    /** Rings at the first dead letter. */
    onDeadLetters(name: string, queue: sqs.Queue): void {
      ring(`${name}-dead-letters-alarm`, {
        alarmDescription: `${name}: messages were given up on and wait in the dead letter queue`,
        metric: queue.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
          statistic: 'Maximum',
        }),
        threshold: 1,
        evaluationPeriods: 1,
      });
    },
    /** Rings when the oldest message has waited too long. */
    onOldestMessage(name: string, queue: sqs.Queue): void {
      ring(`${name}-age-alarm`, {
        alarmDescription: `${name}: the oldest message waits longer than retries explain`,
        metric: queue.metricApproximateAgeOfOldestMessage({
          period: Duration.minutes(1),
          statistic: 'Maximum',
        }),
        threshold: OLDEST_MESSAGE_AGE.toSeconds(),
        evaluationPeriods: 3,
      });
    },
    /** Rings when a reader of the stream falls behind. */
    onIteratorAge(name: string, fn: lambda.Function): void {
      ring(`${name}-iterator-age-alarm`, {
        alarmDescription: `${name}: events leave the table late`,
        metric: fn.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: RELAY_AGE.toMilliseconds(),
        evaluationPeriods: 3,
      });
    },
  };
}

/** A stack's alarms. */
export type Alarms = ReturnType<typeof createAlarms>;
