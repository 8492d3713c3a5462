import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { type StageSettings, stageName } from '../stages.ts';
import type { DeadLetters } from './dead-letters.ts';

/**
 * How long a run that could not start, or failed, is tried again; the next runs do its work as
 * well.
 */
const MAX_EVENT_AGE = Duration.minutes(5);

/**
 * How often Scheduler tries to start a run, and Lambda to run it to its end, after the first time.
 */
const MAX_RETRIES = 2;

/**
 * The stage's schedules, in a group of their own so that each keeps its short name. A run that does
 * not start is Scheduler's to repeat, one that fails is Lambda's; what both give up is left with
 * the undelivered.
 */
export function createSchedules(
  scope: Construct,
  settings: StageSettings,
  { undelivered }: DeadLetters,
) {
  const group = new scheduler.CfnScheduleGroup(scope, 'schedules', { name: stageName(settings) });

  return {
    /** Runs the function at a fixed rate. */
    run(fn: lambda.Function, schedule: { readonly name: string; readonly rate: string }): void {
      const role = new iam.Role(scope, `${schedule.name}-schedule-role`, {
        assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com'),
      });
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [fn.functionArn],
        }),
      );
      undelivered.grantSendMessages(role);
      fn.configureAsyncInvoke({
        retryAttempts: MAX_RETRIES,
        maxEventAge: MAX_EVENT_AGE,
        onFailure: new SqsDestination(undelivered),
      });
      const created = new scheduler.CfnSchedule(scope, `${schedule.name}-schedule`, {
        name: schedule.name,
        groupName: group.ref,
        scheduleExpression: schedule.rate,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: fn.functionArn,
          roleArn: role.roleArn,
          retryPolicy: {
            maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(),
            maximumRetryAttempts: MAX_RETRIES,
          },
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      });
      // Scheduler checks at creation that the role may invoke the function.
      created.node.addDependency(role);
    },
  };
}
