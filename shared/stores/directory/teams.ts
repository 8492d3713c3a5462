import type { Team, TeamMembership, TeamRoster } from '../../domain/directory.ts';
import type { OrganizationId, TeamId } from '../../domain/ids.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { isKeyable } from '../keys.ts';
import { organizationId, projectId } from '../row-fields.ts';
import { read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { teamMembershipFromItem } from './users.ts';

export type TeamStore = ReturnType<typeof createTeamStore>;

/** Teams, their members and their projects. */
export function createTeamStore(table: Table) {
  return {
    /** A team and its members; undefined where there is no such team. One Query. */
    async roster(teamId: TeamId): Promise<TeamRoster | undefined> {
      const items = await table.queryAll({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': directoryKeys.teamPartition(teamId),
          ':first': directoryKeys.team(teamId).sk,
          ':last': directoryKeys.teamMember(teamId, '~').sk,
        },
        ConsistentRead: true,
      });
      const team = items.find((item) => item.entity === 'team');
      if (team === undefined) {
        return undefined;
      }
      return {
        team: teamFromItem(team),
        memberships: items
          .filter((item) => item.entity === 'teamMember')
          .map(teamMembershipFromItem),
      };
    },

    /** The teams of these ids that exist, by id. 100 teams a round trip. */
    async byIds(teamIds: readonly TeamId[]): Promise<Map<string, Team>> {
      const items = await table.batchGet(teamIds.map(directoryKeys.team));
      return new Map(items.map(teamFromItem).map((team) => [team.id, team]));
    },

    /** Which team a slug names within an organization. One round trip. */
    async idOfSlug(organizationId: OrganizationId, slug: string): Promise<string | undefined> {
      if (!isKeyable(slug)) {
        return undefined;
      }
      const item = await table.get(directoryKeys.teamSlug(organizationId, slug));
      return item && read(item, 'teamId', text);
    },

    /** The teams that slugs name within an organization, by slug. 100 slugs a round trip. */
    async idsOfSlugs(
      organizationId: OrganizationId,
      slugs: readonly string[],
    ): Promise<Map<string, string>> {
      const keys = slugs
        .filter(isKeyable)
        .map((slug) => directoryKeys.teamSlug(organizationId, slug));
      const items = await table.batchGet(keys);
      return new Map(
        items.map((item) => [
          item.sk.slice(directoryKeys.teamSlugPrefix.length),
          read(item, 'teamId', text),
        ]),
      );
    },

    /** The ids of an organization's teams, by slug. One Query. */
    async idsOfOrganization(organizationId: OrganizationId): Promise<string[]> {
      const items = await table.queryAll(
        byPrefix(directoryKeys.organizationPartition(organizationId), directoryKeys.teamSlugPrefix),
      );
      return items.map((item) => read(item, 'teamId', text));
    },

    /** The ids of the projects that a team is on. One Query. */
    async projectIds(teamId: TeamId): Promise<string[]> {
      const items = await table.queryAll(
        byPrefix(directoryKeys.teamPartition(teamId), directoryKeys.teamProjectPrefix),
      );
      return items.map((item) => read(item, 'projectId', projectId));
    },
  };
}

/** A team's rows: its own, and the guard that finds it by its slug. */
export function teamItems(team: Team): Item[] {
  return [
    { ...directoryKeys.team(team.id), entity: 'team', ...team },
    {
      ...directoryKeys.teamSlug(team.organizationId, team.slug),
      entity: 'teamSlug',
      teamId: team.id,
    },
  ];
}

/** A team membership's two rows: one with the team, one with the user. */
export function teamMembershipItems(membership: TeamMembership): Item[] {
  const row = { entity: 'teamMember', ...membership };
  return [
    { ...directoryKeys.teamMember(membership.teamId, membership.userId), ...row },
    {
      ...directoryKeys.userTeam(membership.userId, membership.organizationId, membership.teamId),
      ...row,
    },
  ];
}

const teamFromItem = rowReader<Team>({
  id: text,
  organizationId,
  slug: text,
  name: text,
  dateCreated: text,
});
