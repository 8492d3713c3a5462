import * as v from 'valibot';
import { orphanPolicies } from '../../../shared/domain/directory.ts';
import { avatar, count, id, noneHere, time } from './parts.ts';
import { organizationRole, teamRole } from './roles.ts';

/** An organization as teams and projects name it. */
export const organization = v.strictObject({
  id,
  slug: v.string(),
  name: v.string(),
  status: v.strictObject({ id: v.string(), name: v.string() }),
  dateCreated: time,
  isEarlyAdopter: v.boolean(),
  require2FA: v.boolean(),
  requireEmailVerification: v.boolean(),
  hasAuthProvider: v.boolean(),
  allowJoinRequests: v.boolean(),
  allowMemberInvite: v.boolean(),
  allowMemberProjectCreation: v.boolean(),
  allowSuperuserAccess: v.boolean(),
  avatar,
  features: v.array(v.string()),
  links: v.strictObject({
    organizationUrl: v.pipe(v.string(), v.url()),
    regionUrl: v.pipe(v.string(), v.url()),
  }),
});

/** An organization in a list, with the caller's role there. */
export const listedOrganization = v.strictObject({
  ...organization.entries,
  role: v.nullable(v.string()),
  orgRole: v.nullable(v.string()),
});

/**
 * An organization by itself, without its projects and teams, as Sentry's `detailed=0` answers it:
 * both have lists of their own.
 */
export const organizationDetail = v.strictObject({
  ...listedOrganization.entries,
  access: v.array(v.string()),
  openMembership: v.boolean(),
  orphanedAssignments: count,
  orphanPolicy: v.picklist(orphanPolicies),
  orgRoleList: v.array(organizationRole),
  teamRoleList: v.array(teamRole),
  availableRoles: v.array(v.strictObject({ id: v.string(), name: v.string() })),
  defaultRole: v.string(),
  isDefault: v.boolean(),
  pendingAccessRequests: count,
  onboardingTasks: noneHere,
  trustedRelays: noneHere,
  quota: v.strictObject({
    maxRate: v.nullable(count),
    maxRateInterval: count,
    accountLimit: count,
    projectLimit: count,
  }),
  aggregatedDataConsent: v.boolean(),
  alertsMemberWrite: v.boolean(),
  allowSharedIssues: v.boolean(),
  attachmentsRole: v.string(),
  autoEnableCodeReview: v.boolean(),
  autoOpenPrs: v.boolean(),
  dataScrubber: v.boolean(),
  dataScrubberDefaults: v.boolean(),
  debugFilesRole: v.string(),
  defaultAutofixAutomationTuning: v.string(),
  defaultAutomatedRunStoppingPoint: v.string(),
  defaultCodeReviewTriggers: v.array(v.string()),
  defaultCodingAgent: v.string(),
  defaultCodingAgentIntegrationId: v.nullable(id),
  defaultSeerScannerAutomation: v.boolean(),
  enableSeerCoding: v.boolean(),
  enhancedPrivacy: v.boolean(),
  eventsMemberAdmin: v.boolean(),
  experiments: v.strictObject({}),
  hideAiFeatures: v.boolean(),
  isDynamicallySampled: v.boolean(),
  issueAlertsThreadFlag: v.boolean(),
  metricAlertsThreadFlag: v.boolean(),
  relayDsnEndpoint: v.nullable(v.string()),
  relayPiiConfig: v.nullable(v.string()),
  requiresSso: v.boolean(),
  safeFields: v.array(v.string()),
  scrapeJavaScript: v.boolean(),
  scrubIPAddresses: v.boolean(),
  sensitiveFields: v.array(v.string()),
  storeCrashReports: count,
});

/** A repository of an organization: Baton knows none. */
export const repositories = noneHere;
