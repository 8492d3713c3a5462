import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type StageSettings, stageName } from '../stages.ts';

/** Queries over the functions' logs for people on call, by their names in Logs Insights. */
const QUERIES: Readonly<Record<string, string>> = {
  'what-fails': `
fields @timestamp, function_name, message, reason, error.name, error.message, requestId, groupId
| filter level in ["WARN", "ERROR"]
| sort @timestamp desc
| limit 100`,
  'one-request': `
fields @timestamp, function_name, level, message, route
| filter requestId = "put the X-Request-Id of the answer here"
| sort @timestamp asc`,
  'one-issue': `
fields @timestamp, function_name, level, message, requestId
| filter groupId = "put the id of the issue here" or issue = "put the id of the issue here"
| sort @timestamp asc`,
  'failed-events': `
filter ispresent(eventId) and level = "ERROR"
| stats count(*) as failures, count_distinct(eventId) as events, latest(reason) as lastReason by type, function_name
| sort failures desc`,
  'cold-starts': `
filter type = "platform.report" and ispresent(record.metrics.initDurationMs)
| stats count(*) as starts, pct(record.metrics.initDurationMs, 50) as half,
  pct(record.metrics.initDurationMs, 99) as slowest by @log
| sort starts desc`,
  'slow-and-large': `
filter type = "platform.report"
| stats pct(record.metrics.durationMs, 50) as half, pct(record.metrics.durationMs, 99) as slowest,
  max(record.metrics.maxMemoryUsedMB) as megabytes, sum(record.metrics.billedDurationMs) as billed by @log
| sort billed desc`,
};

/** Saves the queries for the logs of all functions of the stage. */
export function createSavedQueries(
  scope: Construct,
  settings: StageSettings,
  functions: Readonly<Record<string, lambda.Function>>,
): void {
  const logGroupNames = Object.values(functions).map((fn) => fn.logGroup.logGroupName);
  for (const [name, text] of Object.entries(QUERIES)) {
    new logs.CfnQueryDefinition(scope, `${name}-query`, {
      name: `${stageName(settings)}/${name}`,
      queryString: text.trim(),
      logGroupNames,
    });
  }
}
