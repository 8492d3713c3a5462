import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FUNCTION_NAMES } from '../functions.ts';
import { type StageSettings, stageName } from '../stages.ts';
import type { StageMetrics } from './metrics.ts';

const ROW_WIDTH = 24;
const HEIGHT = 6;

/** The gates that stop an event's assignment, as the functions count them. */
const OWNER_GATES = ['assignee_exists', 'debounce', 'ratelimited', 'killswitch'];

type Graph = readonly [title: string, metrics: readonly cloudwatch.IMetric[]];

/** The stage at a glance: first the users' view, below it that of the infrastructure. */
export function createDashboard(
  scope: Construct,
  settings: StageSettings,
  metrics: StageMetrics,
): void {
  const dashboard = new cloudwatch.Dashboard(scope, 'dashboard', {
    dashboardName: stageName(settings),
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(heading('What users see'));
  for (const row of userView(metrics)) {
    dashboard.addWidgets(...graphs(row));
  }
  dashboard.addWidgets(heading('The machine'));
  for (const row of machineView(metrics)) {
    dashboard.addWidgets(...graphs(row));
  }
}

function userView(metrics: StageMetrics): readonly (readonly Graph[])[] {
  const { counted } = metrics;
  return [
    [
      ['Requests a minute', [metrics.requests]],
      ['Answers 5xx and 4xx', [metrics.serverErrors, metrics.clientErrors]],
      ['Latency in ms: half, and one in a hundred', [metrics.latencyP50, metrics.latencyP99]],
    ],
    [
      [
        'Assignments a minute',
        ['assigned', 'deassigned'].map((change) => counted('group.assignee.change', { change })),
      ],
      [
        'New issues, and those that waited for an id',
        [counted('group_seen.begun'), counted('group_seen.ids_exhausted')],
      ],
      [
        'Events that did not assign an owner, by what kept them from it',
        OWNER_GATES.map((gate) => counted(`post_process.handle_owner_assignment.${gate}`)),
      ],
    ],
  ];
}

function machineView(metrics: StageMetrics): readonly (readonly Graph[])[] {
  return [
    [
      ['Errors of functions', FUNCTION_NAMES.map(metrics.functionErrors)],
      ['Throttles of functions', FUNCTION_NAMES.map(metrics.functionThrottles)],
      ['Invocations at a time', FUNCTION_NAMES.map(metrics.functionConcurrency)],
    ],
    [
      ['Relay: ms behind the stream', [metrics.relayLagMs]],
      ['Age of the oldest message, in seconds', metrics.queueAges],
      ['Dead letters', metrics.deadLetters],
    ],
    [
      ['Table: units a minute', metrics.tableUnits],
      ['Table: throttles and conflicts', [...metrics.tableThrottles, metrics.tableConflicts]],
      ['Schedules that did not start', metrics.schedulesFailed],
    ],
    [
      ['Cache: processing units and throttles', [metrics.cacheUnits, metrics.cacheThrottles]],
      ['Cache: bytes', [metrics.cacheBytes]],
      ['Events that rules matched', [metrics.eventsPut]],
    ],
  ];
}

function heading(text: string): cloudwatch.TextWidget {
  return new cloudwatch.TextWidget({ markdown: `# ${text}`, width: ROW_WIDTH, height: 1 });
}

function graphs(row: readonly Graph[]): cloudwatch.GraphWidget[] {
  return row.map(
    ([title, left]) =>
      new cloudwatch.GraphWidget({
        title,
        left: [...left],
        width: ROW_WIDTH / row.length,
        height: HEIGHT,
      }),
  );
}
