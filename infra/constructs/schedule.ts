import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { type StageSettings, stageName } from '../stages.ts';

/** A run that could not start is not made up for: the next one does its work. */
const MAX_EVENT_AGE_SECONDS = 60;

/** The stage's schedules, in a group of their own so that each keeps its short name. */
export function createSchedules(scope: Construct, settings: StageSettings) {
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
      const created = new scheduler.CfnSchedule(scope, `${schedule.name}-schedule`, {
        name: schedule.name,
        groupName: group.ref,
        scheduleExpression: schedule.rate,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: fn.functionArn,
          roleArn: role.roleArn,
          retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS, maximumRetryAttempts: 0 },
        },
      });
      // Scheduler checks at creation that the role may invoke the function.
      created.node.addDependency(role);
    },
  };
}
