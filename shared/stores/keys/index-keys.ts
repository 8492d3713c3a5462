import type {
  GroupId,
  IntegrationId,
  OrganizationId,
  ProjectId,
  TeamId,
  UserId,
} from '../../domain/ids.ts';

/** How many partitions of an index the groups of an organization in one state are spread over. */
export const ORGANIZATION_LIST_SHARDS = 8;

/** How many partitions of an index the assignments that end by themselves are spread over. */
export const LEASE_SHARDS = 8;

/**
 * Keys of the first index: lists of groups, what is assigned to whom, and what is linked to an
 * external issue. It holds what lists ask for and no counters. Until December 2026 an index `gsi1`
 * stood over the same attributes and held whole rows.
 */
export const gsi3 = {
  name: 'gsi3',
  groupsOfProject: (projectId: ProjectId, status: string) => `P#${projectId}#${status}`,
  lastSeen: (lastSeen: string, groupId: GroupId) => `${lastSeen}#${groupId}`,
  assignedTo: (organizationId: OrganizationId, actor: string) => `A#${organizationId}#${actor}`,
  assignedAt: (dateAssigned: string, groupId: GroupId) => `${dateAssigned}#${groupId}`,
  /** What a team owns, project by project. */
  ownedBy: (organizationId: OrganizationId, teamId: TeamId) => `T#${organizationId}#${teamId}`,
  ownedPrefix: 'P#',
  ownedInProject: (projectId: ProjectId) => `P#${projectId}#`,
  /** Teams follow groups as one; who follows as a user is found with the group alone. */
  followedBy: (organizationId: OrganizationId, team: string) => `S#${organizationId}#${team}`,
  bookmarkedBy: (organizationId: OrganizationId, userId: UserId) => `B#${organizationId}#${userId}`,
  /** Trackers do not tell keys apart by case. */
  linkedTo: (integrationId: IntegrationId, externalKey: string) =>
    `L#${integrationId}#${externalKey.toLowerCase()}`,
};

/**
 * Keys of the organizations' lists: of groups, and of assignments that somebody has to look at.
 * Their entries are sorted as those of the first index are, by the same attribute.
 */
export const gsi4 = {
  name: 'gsi4',
  groupsOfOrganization: (organizationId: OrganizationId, status: string, shard: number) =>
    `O#${organizationId}#${status}#${shard}`,
  /** Assignments of open issues whose holder may not hold them, by when they were assigned. */
  orphansOf: (organizationId: OrganizationId) => `ORPHAN#${organizationId}`,
};

/** Keys of the second index: what falls due, by when. */
export const gsi2 = {
  name: 'gsi2',
  unsnooze: 'UNSNOOZE',
  /** A million assignments may end at one midnight: one partition takes 1,000 of them a second. */
  lease: (shard: number) => `LEASE#${shard}`,
  /**
   * Links that the sweeper watches; those that were written before November 2026 are in `SYNC`.
   */
  sync: (state: 'behind' | 'atRest', shard: number) => `SYNC#${state}#${shard}`,
  syncBefore: 'SYNC',
  deletion: 'DELETION',
  organization: 'ORGANIZATION',
  /** Endpoints of webhooks that there is something to send to. */
  webhook: 'WEBHOOK',
  /** `id` is that of the group, or of the project, that falls due. */
  due: (at: string, id: string) => `${at}#${id}`,
};
