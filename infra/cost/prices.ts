/**
 * The public prices of AWS in us-east-1 in dollars, without the free tier. They are in this file
 * only: after a change, run `npm run cost`.
 */
export const PRICES = {
  /** Serverless Valkey: a GB stored for an hour, at least 0.1 GB; a million processing units. */
  cacheGbHour: 0.084,
  cacheMillionUnits: 0.0023,
  /** A million requests to a queue, of 64 KB each. */
  queueMillion: 0.4,
  fifoQueueMillion: 0.5,
  /**
   * A month of an alarm for each metric; of a composite alarm; of a dashboard after the first
   * three.
   */
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  /** A month of a custom metric, charged for the hours with data. */
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
