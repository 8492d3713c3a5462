/**
 * What AWS asks, in dollars, by its public list for us-east-1, without the free tier. The one place
 * for prices: when one changes, change it here and run `npm run cost`.
 */
export const PRICES = {
  /**
   * Serverless Valkey: a GB stored for an hour, of which 0.1 at least; a million processing units.
   */
  cacheGbHour: 0.084,
  cacheMillionUnits: 0.0023,
  /** A million requests to a queue, of 64 KB each. */
  queueMillion: 0.4,
  fifoQueueMillion: 0.5,
  /**
   * A month of an alarm, by the metric that it looks at; of a composite alarm; of a dashboard
   * beyond three.
   */
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  /** A month of a metric that functions count, by the hour in which they do. */
  customMetric: 0.3,
  /** Lambda on arm64: a million invocations, and a GB for a second. */
  lambdaMillion: 0.2,
  lambdaGbSecond: 0.000_013_333_4,
  scheduleMillion: 1,
  /** DynamoDB on demand: a million units; a GB for a month; the same for recovery to any second. */
  writeMillion: 0.625,
  readMillion: 0.125,
  tableGbMonth: 0.25,
  recoveryGbMonth: 0.2,
  /** EventBridge: a million events put; a GB put into an archive. */
  eventMillion: 1,
  archiveGb: 0.1,
  apiMillion: 3.5,
  logGb: 0.5,
  traceMillion: 5,
  /** A month of a web ACL, of a rule in it, and a million requests through it. */
  firewall: 5,
  firewallRule: 1,
  firewallMillion: 0.6,
} as const;

export const HOURS_PER_MONTH = 730;
