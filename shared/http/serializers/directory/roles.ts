import { type MemberRole, memberRoles, TEAM_ROLE } from '../../../domain/directory.ts';
import { type Adder, mayGiveRole } from '../../../domain/membership.ts';

/** What each role is for, as lists of roles explain it. */
const PURPOSES: Readonly<Record<MemberRole, string>> = {
  owner: 'May give and take every role, that of owners included.',
  manager: 'May give and take the roles of managers, admins and members.',
  admin: 'May give and take the roles of admins and members.',
  member: 'May give the role of members.',
};

/** A role as people read it. */
export function roleName(role: string): string {
  return `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`;
}

/**
 * The roles of organizations, the lowest first, and which of them the caller may give. What a token
 * may do follows from its scopes, so no role brings any.
 */
export function serializeOrganizationRoles(adder: Adder) {
  return [...memberRoles].reverse().map((role) => ({
    ...serializeRole(role, PURPOSES[role], mayGiveRole(adder, role)),
    is_global: role === 'owner' || role === 'manager',
    isGlobal: role === 'owner' || role === 'manager',
    minimumTeamRole: TEAM_ROLE,
  }));
}

/** The roles of teams. */
export function serializeTeamRoles() {
  return [
    {
      ...serializeRole(TEAM_ROLE, 'Is one of those whom issues of the team belong to.', true),
      isMinimumRoleFor: null,
    },
  ];
}

function serializeRole(id: string, desc: string, isAllowed: boolean) {
  return {
    id,
    name: roleName(id),
    desc,
    scopes: [],
    allowed: isAllowed,
    isAllowed,
    isRetired: false,
    isTeamRolesAllowed: true,
  };
}
