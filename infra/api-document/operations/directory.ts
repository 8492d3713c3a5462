import {
  changedMember,
  changedTeamMember,
  newMember,
} from '../../../shared/http/schemas/directory/member.ts';
import { changedOrganization } from '../../../shared/http/schemas/directory/organization.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

/** What the API document says of the caller, of organizations and of their members. */
export const DIRECTORY_OPERATIONS = {
  getIndex: {
    tag: 'Caller',
    summary: 'Read the version of the API, and the user and the scopes of the token.',
    description: '`user` is null for the token of an organization.',
    example: {},
  },
  getAuth: {
    tag: 'Caller',
    summary: 'Read the user that the token belongs to.',
    description: 'The token of an organization belongs to nobody: 403.',
    refusals: ['access.forbidden'],
    example: {},
  },
  listRegions: {
    tag: 'Caller',
    summary: 'List the regions that hold the caller’s organizations.',
    description: 'There is one: this deployment. Clients that look for regions find it.',
    example: {},
  },
  listOrganizations: {
    tag: 'Organizations',
    summary: 'List the organizations that the token reaches.',
    query: PAGED,
    description: 'With the role that the token’s user has in each.',
    example: {},
  },
  getOrganization: {
    tag: 'Organizations',
    summary: 'Read one organization.',
    description: 'Its projects and teams have lists of their own.',
    example: {},
  },
  updateOrganization: {
    tag: 'Organizations',
    summary: 'Change the name and the policies of an organization.',
    body: changedOrganization,
    description: 'The slug of an organization stays as it is: tokens carry it.',
    example: { body: { name: 'Acme', openMembership: false, orphanPolicy: 'reroute' } },
  },
  listRepositories: {
    tag: 'Organizations',
    summary: 'List the repositories of an organization; Baton knows none.',
    query: ['repositoryStatus', ...PAGED],
    description: 'Clients that ask find an empty list.',
    example: {},
  },
  listOrganizationMembers: {
    tag: 'Members',
    summary: 'List the members of an organization.',
    query: PAGED,
    description: 'Those who are pending come last.',
    example: { query: { query: ['bob'] } },
  },
  listOrganizationUsers: {
    tag: 'Members',
    summary: 'List the members of an organization with an active account, with their projects.',
    query: PAGED,
    description: 'Those who can be named, for instance as an assignee.',
    example: { query: { project: ['shop'] } },
  },
  listProjectMembers: {
    tag: 'Members',
    summary: 'List the members who are in a team of a project.',
    query: PAGED,
    description: 'Each once, however many of its teams they are in.',
    example: {},
  },
  getMember: {
    tag: 'Members',
    summary: 'Read one member of an organization, with their teams.',
    description: 'With the roles that the caller may give them.',
    example: {},
  },
  addMember: {
    tag: 'Members',
    summary:
      'Add a member to an organization: by e-mail address, or a user that the token reaches.',
    body: newMember,
    description:
      '`email` makes a pending member, who becomes one when an account with that address is there; `user` a member. Nobody gives a role above their own.',
    example: {
      body: {
        email: 'erin@acme.io',
        orgRole: 'member',
        teamRoles: [{ teamSlug: 'web', role: null }],
      },
    },
  },
  updateMember: {
    tag: 'Members',
    summary: 'Change the role of a member, and the teams that they are in.',
    body: changedMember,
    description: '`teamRoles` says all teams that they are to be in; what is absent stays.',
    example: { path: { member: '13' }, body: { orgRole: 'manager' } },
  },
  deleteMember: {
    tag: 'Members',
    summary: 'Remove a member from an organization and its teams.',
    description: 'Issues that are assigned to them stay so.',
    example: { path: { member: made('addMember') } },
  },
  joinTeam: {
    tag: 'Members',
    summary: 'Add a member of an organization to a team.',
    description:
      'Who is in the team already is answered with 204. Members may join themselves, as `me`, where membership is open.',
    example: { path: { member: '13' } },
  },
  updateTeamMember: {
    tag: 'Members',
    summary: 'Confirm the role of a member in a team; teams have only one.',
    body: changedTeamMember,
    description: 'Nothing is written, since there is only one role.',
    example: { body: { teamRole: 'contributor' } },
  },
  leaveTeam: {
    tag: 'Members',
    summary: 'Remove a member from a team.',
    description: 'Issues that are assigned to them stay so.',
    example: { path: { member: '13' }, after: ['joinTeam'] },
  },
} as const satisfies Documentation;
