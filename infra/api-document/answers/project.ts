import * as v from 'valibot';
import { organization } from './organization.ts';
import { avatar, count, id, noneHere, time } from './parts.ts';
import { teamSummary } from './team.ts';

/** What Sentry's other products have of a project. */
const features = {
  firstTransactionEvent: v.boolean(),
  hasFeedbacks: v.boolean(),
  hasFlags: v.boolean(),
  hasInsightsAgentMonitoring: v.boolean(),
  hasInsightsAppStart: v.boolean(),
  hasInsightsAssets: v.boolean(),
  hasInsightsCaches: v.boolean(),
  hasInsightsDb: v.boolean(),
  hasInsightsHttp: v.boolean(),
  hasInsightsMCP: v.boolean(),
  hasInsightsQueues: v.boolean(),
  hasInsightsScreenLoad: v.boolean(),
  hasInsightsVitals: v.boolean(),
  hasLogs: v.boolean(),
  hasMinifiedStackTrace: v.boolean(),
  hasMonitors: v.boolean(),
  hasNewFeedbacks: v.boolean(),
  hasProfiles: v.boolean(),
  hasReplays: v.boolean(),
  hasSessions: v.boolean(),
  hasTraceMetrics: v.boolean(),
  hasUserReports: v.boolean(),
};

/** A project as lists show it, and the answer to its creation. */
export const project = v.strictObject({
  id,
  slug: v.string(),
  name: v.string(),
  platform: v.nullable(v.string()),
  platforms: v.array(v.string()),
  team: v.nullable(teamSummary),
  teams: v.array(teamSummary),
  isBookmarked: v.boolean(),
  isMember: v.boolean(),
  hasAccess: v.boolean(),
  access: v.array(v.string()),
  dateCreated: time,
  firstEvent: v.nullable(time),
  ...features,
  environments: v.array(v.string()),
  features: v.array(v.string()),
  status: v.string(),
  isPublic: v.boolean(),
  isInternal: v.boolean(),
  color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/)),
  avatar,
  latestRelease: v.null(),
  latestDeploys: v.null(),
  resolveAge: count,
});

/** A project by itself, with its organization and its settings. */
export const projectDetail = v.strictObject({
  ...project.entries,
  organization,
  options: v.record(v.string(), v.unknown()),
  plugins: noneHere,
  processingIssues: count,
  allowedDomains: v.array(v.string()),
  autofixAutomationTuning: v.string(),
  builtinSymbolSources: v.array(v.string()),
  dataScrubber: v.boolean(),
  dataScrubberDefaults: v.boolean(),
  debugFilesRole: v.nullable(v.string()),
  defaultEnvironment: v.nullable(v.string()),
  derivedGroupingEnhancements: v.string(),
  digestsMaxDelay: count,
  digestsMinDelay: count,
  dynamicSamplingBiases: v.null(),
  enableAutoReleaseCreation: v.boolean(),
  fingerprintingRules: v.string(),
  groupingConfig: v.string(),
  groupingEnhancements: v.string(),
  highlightContext: v.record(v.string(), v.unknown()),
  highlightPreset: v.strictObject({
    tags: v.array(v.string()),
    context: v.record(v.string(), v.array(v.string())),
  }),
  highlightTags: v.array(v.string()),
  isDynamicallySampled: v.boolean(),
  relayPiiConfig: v.nullable(v.string()),
  safeFields: v.array(v.string()),
  scmSourceContextEnabled: v.boolean(),
  scrapeJavaScript: v.boolean(),
  scrubIPAddresses: v.boolean(),
  secondaryGroupingConfig: v.nullable(v.string()),
  secondaryGroupingExpiry: count,
  securityToken: v.string(),
  securityTokenHeader: v.nullable(v.string()),
  seerNightshiftTweaks: v.null(),
  seerScannerAutomation: v.boolean(),
  sensitiveFields: v.array(v.string()),
  storeCrashReports: v.nullable(count),
  subjectPrefix: v.string(),
  subjectTemplate: v.string(),
  symbolSources: v.string(),
  tempestFetchScreenshots: v.boolean(),
  verifySSL: v.boolean(),
});

/** How far the deletion of a project has come. */
export const deletion = v.strictObject({
  state: v.picklist(['pending', 'deleting', 'done']),
  requestedAt: time,
  startedAt: v.nullable(time),
  finishedAt: v.nullable(time),
  deleted: v.strictObject({ groups: count, items: count }),
});

const wish = v.picklist(['always', 'subscribe_only', 'never', 'default']);

/** Which notifications the token's user wants of a project. */
export const notificationSettings = v.strictObject({ alerts: wish, workflow: wish, deploy: wish });
