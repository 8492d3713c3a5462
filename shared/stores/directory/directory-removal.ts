import type { Member, Team, TeamMembership } from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, TeamId, UserId } from '../../domain/ids.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { attributeIs } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import type { Key } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { read, text } from '../rows.ts';
import type { Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { checkOwner } from './organizations.ts';
import { teamMembershipFromItem } from './users.ts';

/** A team membership that ends, and its event. */
export type EndedMembership = {
  readonly membership: Omit<TeamMembership, 'isActive'>;
  readonly event: EventRecord;
};

export type DirectoryRemovalStore = ReturnType<typeof createDirectoryRemovalStore>;

/** Removes teams and members. */
export function createDirectoryRemovalStore(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);

  return {
    /**
     * Removes a team's row and its slug, with the event. The rows of its members and projects are
     * removed later, when none of its issues is assigned to it any more. Refused where the team is
     * gone already, or has another slug than the one that was read.
     */
    removeTeam({ id, organizationId, slug }: Team, event: EventRecord) {
      return transact([
        {
          name: 'team',
          delete: { Key: directoryKeys.team(id), ...attributeIs('slug', slug) },
        },
        { name: 'slug', delete: { Key: directoryKeys.teamSlug(organizationId, slug) } },
        recordEvent(event),
      ]);
    },

    /** Removes the subscriptions that a removed team had as a team, page by page. */
    async removeTeamSubscriptions(organizationId: OrganizationId, teamId: TeamId): Promise<void> {
      const pages = table.queryPages({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': gsi3.followedBy(organizationId, `team:${teamId}`) },
        ProjectionExpression: 'pk, sk',
      });
      for await (const page of pages) {
        await batchDelete(page);
      }
    },

    /**
     * Removes the rows in a removed team's partition, page by page: of each first its counterpart
     * with the user or the project, then the row itself. Gives the people of each page.
     */
    async *removeTeamRows(teamId: TeamId): AsyncGenerator<readonly UserId[]> {
      const pages = table.queryPages({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': directoryKeys.teamPartition(teamId) },
        ConsistentRead: true,
      });
      for await (const page of pages) {
        await batchDelete(
          page.flatMap((item): Key[] => {
            if (item.entity === 'teamMember') {
              const { userId, organizationId } = teamMembershipFromItem(item);
              return [directoryKeys.userTeam(userId, organizationId, teamId)];
            }
            return item.entity === 'projectTeam'
              ? [projectKeys.team(read(item, 'projectId', text), teamId)]
              : [];
          }),
        );
        await batchDelete(page);
        yield page
          .filter(({ entity }) => entity === 'teamMember')
          .map((item) => teamMembershipFromItem(item).userId);
      }
    },

    /** Records the event by which another worker continues a removal. One round trip. */
    async continueLater(event: EventRecord): Promise<void> {
      await transact([recordEvent(event)]);
    },

    /** Ends memberships in teams, a page of them at most. One round trip. */
    leaveTeams(ended: readonly EndedMembership[]) {
      return transact(ended.flatMap(leaveWrites));
    },

    /**
     * Ends a membership in an organization, with a page of those in its teams. A row keeps that the
     * user was a member, since searches still find them by name. Refused where the `member` is gone
     * or has another role than the one that was read, and where the `owner who stays` is none any
     * more.
     */
    removeMember(
      { organizationId, userId, role }: Member,
      {
        dateLeft,
        stayingOwner,
        ended,
        event,
      }: {
        readonly dateLeft: string;
        /** Who stays an owner where an owner leaves. */
        readonly stayingOwner: UserId | null;
        readonly ended: readonly EndedMembership[];
        readonly event: EventRecord;
      },
    ) {
      return transact([
        {
          name: 'member',
          delete: {
            Key: directoryKeys.member(organizationId, userId),
            ...attributeIs('role', role),
          },
        },
        {
          name: 'membership of the user',
          delete: { Key: directoryKeys.userMember(userId, organizationId) },
        },
        {
          name: 'left',
          put: {
            Item: {
              ...directoryKeys.leftOrganization(userId, organizationId),
              entity: 'leftOrganization',
              organizationId,
              userId,
              dateLeft,
            },
          },
        },
        ...checkOwner(organizationId, stayingOwner),
        recordEvent(event),
        ...ended.flatMap(leaveWrites),
      ]);
    },
  };
}

/** The end of a membership in a team, as part of a transaction. */
export function leaveWrites({ membership, event }: EndedMembership) {
  const { organizationId, teamId, userId } = membership;
  const keys = [
    directoryKeys.teamMember(teamId, userId),
    directoryKeys.userTeam(userId, organizationId, teamId),
  ];
  const ends = keys.map((Key): Write<'membership'> => ({ name: 'membership', delete: { Key } }));
  return [...ends, recordEvent(event)];
}
