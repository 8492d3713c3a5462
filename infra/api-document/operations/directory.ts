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
    description: '`user` is null for the token of an organization.',
    example: {},
  },
  getAuth: {
    tag: 'Caller',
    description: 'The token of an organization belongs to nobody: 403.',
    refusals: ['access.forbidden'],
    example: {},
  },
  listRegions: {
    tag: 'Caller',
    description: 'There is one: this deployment. Clients that look for regions find it.',
    example: {},
  },
  listOrganizations: {
    tag: 'Organizations',
    query: PAGED,
    description: 'With the role that the token’s user has in each.',
    example: {},
  },
  getOrganization: {
    tag: 'Organizations',
    description: 'Its projects and teams have lists of their own.',
    example: {},
  },
  updateOrganization: {
    tag: 'Organizations',
    body: changedOrganization,
    description: 'The slug of an organization stays as it is: tokens carry it.',
    example: { body: { name: 'Acme', openMembership: false } },
  },
  listRepositories: {
    tag: 'Organizations',
    query: ['repositoryStatus', ...PAGED],
    description: 'Clients that ask find an empty list.',
    example: {},
  },
  listOrganizationMembers: {
    tag: 'Members',
    query: PAGED,
    description: 'Those who are pending come last.',
    example: { query: { query: ['bob'] } },
  },
  listOrganizationUsers: {
    tag: 'Members',
    query: PAGED,
    description: 'Those who can be named, for instance as an assignee.',
    example: { query: { project: ['shop'] } },
  },
  listProjectMembers: {
    tag: 'Members',
    query: PAGED,
    description: 'Each once, however many of its teams they are in.',
    example: {},
  },
  getMember: {
    tag: 'Members',
    description: 'With the roles that the caller may give them.',
    example: {},
  },
  addMember: {
    tag: 'Members',
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
    body: changedMember,
    description: '`teamRoles` says all teams that they are to be in; what is absent stays.',
    example: { path: { member: '13' }, body: { orgRole: 'manager' } },
  },
  deleteMember: {
    tag: 'Members',
    description: 'Issues that are assigned to them stay so.',
    example: { path: { member: made('addMember') } },
  },
  joinTeam: {
    tag: 'Members',
    description:
      'Who is in the team already is answered with 204. Members may join themselves, as `me`, where membership is open.',
    example: { path: { member: '13' } },
  },
  updateTeamMember: {
    tag: 'Members',
    body: changedTeamMember,
    description: 'Nothing is written, since there is only one role.',
    example: { body: { teamRole: 'contributor' } },
  },
  leaveTeam: {
    tag: 'Members',
    description: 'Issues that are assigned to them stay so.',
    example: { path: { member: '13' }, after: ['joinTeam'] },
  },
} as const satisfies Documentation;
