import type { Member, MemberRole, PendingMember, Team, User } from '../../../domain/directory.ts';
import { displayName, primaryEmail, TEAM_ROLE } from '../../../domain/directory.ts';
import type { Adder } from '../../../domain/membership.ts';
import type { ListedMember } from '../../../operations/directory/read-directory.ts';
import type { MemberInTeams } from '../../../operations/directory/read-member.ts';
import type { Searchable } from '../../search.ts';
import { serializeUser } from '../user.ts';
import { roleName, serializeOrganizationRoles, serializeTeamRoles } from './roles.ts';

/** A member of an organization. Their id is the user's. */
export function serializeMember(member: Member, user: User) {
  return {
    id: user.id,
    email: primaryEmail(user) ?? '',
    name: displayName(user),
    user: serializeUser(user),
    ...serializeRole(member.role),
    pending: false,
    ...whatNobodyHas,
    dateCreated: member.dateCreated,
  };
}

/** A member as one of a team. */
export function serializeTeamMember(member: Member, user: User, team: Team) {
  return { ...serializeMember(member, user), teamRole: TEAM_ROLE, teamSlug: team.slug };
}

/** A membership in a team by itself: it is active, and there is one role. */
export function serializeTeamMembership() {
  return { isActive: true, teamRole: TEAM_ROLE };
}

/**
 * Who was added by e-mail and is pending, under an id of their own: whether a user has the address
 * is not told.
 */
export function serializePendingMember({ id, email, role, dateCreated }: PendingMember) {
  return {
    id,
    email,
    name: email,
    user: null,
    ...serializeRole(role),
    pending: true,
    ...whatNobodyHas,
    dateCreated,
  };
}

/** A member by themselves: with their teams, and the roles that the caller may give them. */
export function serializeMemberDetail(found: MemberInTeams, adder: Adder) {
  return {
    ...(found.kind === 'pending'
      ? serializePendingMember(found.pending)
      : serializeMember(found.member, found.user)),
    teams: found.teams.map(({ slug }) => slug),
    teamRoles: found.teams.map(({ slug }) => ({ teamSlug: slug, role: TEAM_ROLE })),
    isOnlyOwner: found.kind === 'member' && found.isOnlyOwner,
    invite_link: null,
    orgRoleList: serializeOrganizationRoles(adder),
    teamRoleList: serializeTeamRoles(),
  };
}

/**
 * By what a search finds members: a key that is not among these is looked for as a word, and hardly
 * found.
 */
export function searchableMember(listed: ListedMember): Searchable {
  if (listed.kind === 'pending') {
    const { id, email, role } = listed.pending;
    return { keys: { id: [id], 'user.id': [], email: [email], role: [role] }, text: [email] };
  }
  const { member, user } = listed;
  const addresses = user.emails.map(({ email }) => email);
  return {
    keys: { id: [user.id], 'user.id': [user.id], email: addresses, role: [member.role] },
    text: [user.name, user.username, ...addresses],
  };
}

const whatNobodyHas = {
  expired: false,
  flags: {
    'idp:provisioned': false,
    'idp:role-restricted': false,
    'sso:linked': false,
    'sso:invalid': false,
    'member-limit:restricted': false,
    'partnership:restricted': false,
  },
  inviteStatus: 'approved',
  inviterName: null,
};

function serializeRole(role: MemberRole) {
  return {
    role,
    orgRole: role,
    roleName: roleName(role),
  };
}
