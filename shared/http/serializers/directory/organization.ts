import type { MemberRole, Organization } from '../../../domain/directory.ts';
import type { Adder } from '../../../domain/membership.ts';
import { letterAvatar } from '../avatar.ts';
import { serializeOrganizationRoles, serializeTeamRoles } from './roles.ts';

/**
 * An organization as others name it. Clients send everything else to `regionUrl`, tokens included:
 * it is this very service.
 */
export function serializeOrganization(organization: Organization, baseUrl: string) {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    status: { id: 'active', name: 'active' },
    dateCreated: organization.dateCreated,
    isEarlyAdopter: false,
    require2FA: false,
    requireEmailVerification: false,
    hasAuthProvider: false,
    allowJoinRequests: false,
    allowMemberInvite: false,
    // Scopes alone decide who may create one.
    allowMemberProjectCreation: true,
    allowSuperuserAccess: false,
    avatar: letterAvatar,
    features: organization.features,
    links: {
      organizationUrl: `${baseUrl}/organizations/${organization.slug}/`,
      regionUrl: baseUrl,
    },
  };
}

/** The same with the caller's role there; null for a token without a user. */
export function serializeListedOrganization(
  organization: Organization,
  baseUrl: string,
  role: MemberRole | null,
) {
  return { ...serializeOrganization(organization, baseUrl), role, orgRole: role };
}

/**
 * An organization by itself, with what the caller may do there. Its projects and teams have lists
 * of their own, as for Sentry's `detailed=0`; `orphanedAssignments` counts the open issues whose
 * holder may not hold them.
 */
export function serializeOrganizationDetail(
  organization: Organization,
  baseUrl: string,
  caller: {
    readonly role: MemberRole | null;
    readonly access: readonly string[];
    readonly adder: Adder;
  },
  orphanedAssignments: number,
) {
  const orgRoleList = serializeOrganizationRoles(caller.adder);
  return {
    ...serializeListedOrganization(organization, baseUrl, caller.role),
    access: caller.access,
    orgRoleList,
    teamRoleList: serializeTeamRoles(),
    availableRoles: orgRoleList.map(({ id, name }) => ({ id, name })),
    openMembership: organization.openMembership,
    orphanPolicy: organization.orphanPolicy,
    orphanedAssignments,
    ...WHAT_NO_ORGANIZATION_USES,
  };
}

/** Features of Sentry that Baton does not have, as Sentry answers where they are not in use. */
const WHAT_NO_ORGANIZATION_USES = {
  aggregatedDataConsent: false,
  alertsMemberWrite: false,
  allowSharedIssues: true,
  attachmentsRole: 'member',
  autoEnableCodeReview: false,
  autoOpenPrs: false,
  dataScrubber: false,
  dataScrubberDefaults: false,
  debugFilesRole: 'admin',
  defaultAutofixAutomationTuning: 'off',
  defaultAutomatedRunStoppingPoint: '',
  defaultCodeReviewTriggers: [],
  defaultCodingAgent: '',
  defaultCodingAgentIntegrationId: null,
  defaultRole: 'member',
  defaultSeerScannerAutomation: false,
  enableSeerCoding: false,
  enhancedPrivacy: false,
  eventsMemberAdmin: false,
  experiments: {},
  hideAiFeatures: true,
  isDefault: false,
  isDynamicallySampled: false,
  issueAlertsThreadFlag: false,
  metricAlertsThreadFlag: false,
  onboardingTasks: [],
  pendingAccessRequests: 0,
  quota: { maxRate: null, maxRateInterval: 60, accountLimit: 0, projectLimit: 100 },
  relayDsnEndpoint: null,
  relayPiiConfig: null,
  requiresSso: false,
  safeFields: [],
  scrapeJavaScript: false,
  scrubIPAddresses: false,
  sensitiveFields: [],
  storeCrashReports: 0,
  trustedRelays: [],
};
