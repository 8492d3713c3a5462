import type { Member, Organization, User } from '../../../domain/directory.ts';
import { primaryEmail } from '../../../domain/directory.ts';
import { serializeUser } from '../user.ts';

const letterAvatar = { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null };

/** An organization in a list. Clients send everything else to `regionUrl`, tokens included: it is this very service. */
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

/** An organization by itself, with what the caller may do there. */
export function serializeOrganizationDetail(
  organization: Organization,
  baseUrl: string,
  access: readonly string[],
) {
  return {
    ...serializeOrganization(organization, baseUrl),
    access,
    openMembership: organization.openMembership,
    isDefault: false,
    role: null,
    orgRole: null,
    pendingAccessRequests: 0,
    onboardingTasks: [],
    trustedRelays: [],
  };
}

/** A member of an organization. Their id is the user's. */
export function serializeMember(member: Member, user: User) {
  return {
    id: user.id,
    email: primaryEmail(user) ?? '',
    name: user.name || user.username,
    user: serializeUser(user),
    role: member.role,
    orgRole: member.role,
    roleName: `${member.role.slice(0, 1).toUpperCase()}${member.role.slice(1)}`,
    pending: false,
    expired: false,
    flags: {
      'idp:provisioned': false,
      'idp:role-restricted': false,
      'sso:linked': false,
      'sso:invalid': false,
      'member-limit:restricted': false,
      'partnership:restricted': false,
    },
    dateCreated: member.dateCreated,
    inviteStatus: 'approved',
    inviterName: null,
  };
}
