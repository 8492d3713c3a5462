import type { OrganizationId, ProjectId, TeamId, UserId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** Organizations, teams, people and tokens. */
export const directoryKeys = {
  organizationPartition: (organizationId: OrganizationId) => `O#${organizationId}`,
  organization: (organizationId: OrganizationId): Key => ({
    pk: `O#${organizationId}`,
    sk: 'A#ORG',
  }),
  organizationSlug: (slug: string): Key => ({ pk: `ORGSLUG#${slug}`, sk: 'ORGSLUG' }),
  memberPrefix: 'MEMBER#',
  member: (organizationId: OrganizationId, userId: UserId): Key => ({
    pk: `O#${organizationId}`,
    sk: `MEMBER#${userId}`,
  }),
  pendingMemberPrefix: 'PENDINGMEMBER#',
  pendingMember: (organizationId: OrganizationId, id: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PENDINGMEMBER#${id}`,
  }),
  /** The same by the address, in lower case: an address is pending once in an organization. */
  pendingEmail: (organizationId: OrganizationId, email: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PENDINGEMAIL#${email}`,
  }),
  teamSlugPrefix: 'TEAMSLUG#',
  teamSlug: (organizationId: OrganizationId, slug: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `TEAMSLUG#${slug}`,
  }),
  teamPartition: (teamId: TeamId) => `T#${teamId}`,
  /** The team's row sorts before its members: one Query up to the last member gives both. */
  team: (teamId: TeamId): Key => ({ pk: `T#${teamId}`, sk: 'A#TEAM' }),
  teamMember: (teamId: TeamId, userId: UserId): Key => ({
    pk: `T#${teamId}`,
    sk: `MEMBER#${userId}`,
  }),
  teamProjectPrefix: 'PROJECT#',
  teamProject: (teamId: TeamId, projectId: ProjectId): Key => ({
    pk: `T#${teamId}`,
    sk: `PROJECT#${projectId}`,
  }),
  userPartition: (userId: UserId) => `U#${userId}`,
  user: (userId: UserId): Key => ({ pk: `U#${userId}`, sk: 'A#USER' }),
  userMember: (userId: UserId, organizationId: OrganizationId): Key => ({
    pk: `U#${userId}`,
    sk: `MEMBER#${organizationId}`,
  }),
  /** That a user was a member of an organization and left it. */
  leftOrganization: (userId: UserId, organizationId: OrganizationId): Key => ({
    pk: `U#${userId}`,
    sk: `LEFT#${organizationId}`,
  }),
  userTeam: (userId: UserId, organizationId: OrganizationId, teamId: TeamId): Key => ({
    pk: `U#${userId}`,
    sk: `TEAM#${organizationId}#${teamId}`,
  }),
  tokenPrefix: 'TOKEN#',
  userToken: (userId: UserId, hash: string): Key => ({ pk: `U#${userId}`, sk: `TOKEN#${hash}` }),
  organizationToken: (organizationId: OrganizationId, hash: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `TOKEN#${hash}`,
  }),
  /**
   * User names and e-mail addresses in lower case; user names sort first, so the first hit is the
   * user name's.
   */
  loginPartition: (login: string) => `LOGIN#${login}`,
  login: (login: string, kind: 'username' | 'email', userId: UserId): Key => ({
    pk: `LOGIN#${login}`,
    sk: `${kind === 'username' ? '0' : '1'}#${userId}`,
  }),
  /** That a user name is taken: it sorts behind the rows that find people. */
  usernameClaim: (login: string): Key => ({ pk: `LOGIN#${login}`, sk: 'TAKEN' }),
  token: (hash: string): Key => ({ pk: `TOKEN#${hash}`, sk: 'TOKEN' }),
};
