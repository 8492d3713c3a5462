import type { MemberRole, Organization } from '../../../domain/directory.ts';
import type { Adder } from '../../../domain/membership.ts';
import { serializeOrganizationRoles, serializeTeamRoles } from './roles.ts';

const letterAvatar = { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null };

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

/** An organization by itself, with what the caller may do there. */
export function serializeOrganizationDetail(
  organization: Organization,
  baseUrl: string,
  caller: {
    readonly role: MemberRole | null;
    readonly access: readonly string[];
    readonly adder: Adder;
  },
) {
  return {
    ...serializeListedOrganization(organization, baseUrl, caller.role),
    access: caller.access,
    orgRoleList: serializeOrganizationRoles(caller.adder),
    teamRoleList: serializeTeamRoles(),
    openMembership: organization.openMembership,
    isDefault: false,
    pendingAccessRequests: 0,
    onboardingTasks: [],
    trustedRelays: [],
  };
}
