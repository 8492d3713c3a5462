import * as v from 'valibot';
import { id, time } from './parts.ts';
import { organizationRole, teamRole } from './roles.ts';
import { user } from './user.ts';

/** A member of an organization, or who is pending: those have no user yet. */
export const member = v.strictObject({
  id,
  email: v.string(),
  name: v.string(),
  user: v.nullable(user),
  role: v.string(),
  orgRole: v.string(),
  roleName: v.string(),
  pending: v.boolean(),
  expired: v.boolean(),
  flags: v.strictObject({
    'idp:provisioned': v.boolean(),
    'idp:role-restricted': v.boolean(),
    'sso:linked': v.boolean(),
    'sso:invalid': v.boolean(),
    'member-limit:restricted': v.boolean(),
    'partnership:restricted': v.boolean(),
  }),
  inviteStatus: v.string(),
  inviterName: v.nullable(v.string()),
  dateCreated: time,
});

/** A member as one of a team. */
export const teamMember = v.strictObject({
  ...member.entries,
  teamRole: v.string(),
  teamSlug: v.string(),
});

/** A member with the slugs of the projects that they are in a team of. */
export const organizationUser = v.strictObject({
  ...member.entries,
  projects: v.array(v.string()),
});

/** A member by themselves: with their teams, and the roles that the caller may give them. */
export const memberDetail = v.strictObject({
  ...member.entries,
  teams: v.array(v.string()),
  teamRoles: v.array(v.strictObject({ teamSlug: v.string(), role: v.nullable(v.string()) })),
  isOnlyOwner: v.boolean(),
  invite_link: v.nullable(v.string()),
  orgRoleList: v.array(organizationRole),
  teamRoleList: v.array(teamRole),
});

/** A membership in a team by itself. */
export const teamMembership = v.strictObject({ isActive: v.boolean(), teamRole: v.string() });
