import * as v from 'valibot';
import { count, id, time } from './parts.ts';

const address = v.pipe(v.string(), v.url());

/** A client key of a project, with the addresses that are made of it. */
export const clientKey = v.strictObject({
  id,
  name: v.string(),
  label: v.string(),
  public: v.string(),
  secret: v.string(),
  projectId: v.pipe(v.number(), v.integer()),
  isActive: v.boolean(),
  rateLimit: v.nullable(v.strictObject({ count, window: count })),
  dsn: v.strictObject({
    secret: address,
    public: address,
    csp: address,
    security: address,
    minidump: address,
    nel: address,
    unreal: address,
    crons: address,
    cdn: address,
    playstation: address,
    integration: address,
    otlp_traces: address,
    otlp_logs: address,
  }),
  browserSdkVersion: v.string(),
  browserSdk: v.strictObject({ choices: v.array(v.array(v.string())) }),
  dynamicSdkLoaderOptions: v.strictObject({
    hasReplay: v.boolean(),
    hasPerformance: v.boolean(),
    hasDebug: v.boolean(),
    hasFeedback: v.boolean(),
    hasLogsAndMetrics: v.boolean(),
  }),
  dateCreated: time,
});
