import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type AlarmGroup, type AlarmRow, allAlarms, fewAlarms } from '../alarms.ts';
import { type StageSettings, stageName } from '../stages.ts';
import { createAlarmTopic } from './alarm-topic.ts';
import { METRIC_PERIOD, type StageMetrics } from './metrics.ts';

/** The document that each alarm's description links to. */
const RUNBOOK = 'docs/runbook.md';

/** The stage's alarms, and the topic that they notify; people on call subscribe to it. */
export function createAlarms(
  scope: Construct,
  settings: StageSettings,
  metrics: StageMetrics,
): { topic: sns.Topic } {
  const { alarms, groups } = settings.alarms === 'all' ? allAlarms(metrics) : fewAlarms(metrics);
  const nameOf = ({ name }: { readonly name: string }) => stageName(settings, name);
  const topic = createAlarmTopic(scope, settings, [...alarms, ...groups].map(nameOf));

  const ring = (alarm: cloudwatch.AlarmBase) => {
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  };
  const make = (row: AlarmRow) =>
    new cloudwatch.Alarm(scope, `${row.name}-alarm`, {
      alarmName: nameOf(row),
      alarmDescription: descriptionOf(row),
      metric: sumOf(row.metrics),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: row.threshold,
      datapointsToAlarm: row.of[0],
      evaluationPeriods: row.of[1],
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  const makeGroup = (group: AlarmGroup) =>
    new cloudwatch.CompositeAlarm(scope, `${group.name}-alarm`, {
      compositeAlarmName: nameOf(group),
      alarmDescription: descriptionOf(group),
      alarmRule: cloudwatch.AlarmRule.anyOf(
        ...group.members.map((row) =>
          cloudwatch.AlarmRule.fromAlarm(make(row), cloudwatch.AlarmState.ALARM),
        ),
      ),
    });
  for (const row of alarms) {
    ring(make(row));
  }
  for (const group of groups) {
    ring(makeGroup(group));
  }
  return { topic };
}

function descriptionOf({ says, page }: { readonly says: string; readonly page: string }): string {
  return `${says} What to do: ${RUNBOOK}#${page}`;
}

/**
 * The sum of several metrics. A metric without data in a minute counts as 0, so that the sum still
 * exists.
 */
function sumOf(metrics: readonly cloudwatch.IMetric[]): cloudwatch.IMetric {
  const [first, ...others] = metrics;
  if (first === undefined) {
    throw new Error('An alarm has nothing to look at.');
  }
  if (others.length === 0) {
    return first;
  }
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new cloudwatch.MathExpression({
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period: METRIC_PERIOD,
  });
}
