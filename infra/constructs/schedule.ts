import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { type StageSettings, stageName } from '../stages.ts';
import type { DeadLetters } from './dead-letters.ts';
import { grantSend, leaveIn } from './queue-rights.ts';

/** How long a run that could not start, or failed, is retried; later runs do its work as well. */
const MAX_EVENT_AGE = Duration.minutes(5);

/** How often Scheduler retries the start of a run, and Lambda a run that failed. */
const MAX_RETRIES = 2;

/**
 * The stage's schedules, in their own group so that names stay short. Scheduler retries a run that
 * does not start, Lambda one that fails; runs that both give up are dead letters.
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
      grantSend(role, undelivered);
      fn.configureAsyncInvoke({
        retryAttempts: MAX_RETRIES,
        maxEventAge: MAX_EVENT_AGE,
        onFailure: leaveIn(undelivered, fn),
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
      // Scheduler verifies the role's right when the schedule is created.
      created.node.addDependency(role);
    },
  };
}
