import type { GroupId, OrganizationId, ProjectId, TeamId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { groupId } from '../row-fields.ts';
import { read } from '../rows.ts';
import type { Table } from '../table.ts';
import type { Write } from '../transaction.ts';

export type OwnerTeamStore = ReturnType<typeof createOwnerTeamStore>;

/**
 * The groups that teams own. Which team owns a group is said by the group's own row; a row beside
 * it, only while there is one, enters the group in the list of the team.
 */
export function createOwnerTeamStore(table: Table) {
  return {
    /**
     * A page of the groups that a team owns, in one project or in all. The list may lag behind the
     * groups for a moment. One round trip.
     */
    async groupsOwnedBy(input: {
      readonly organizationId: OrganizationId;
      readonly teamId: TeamId;
      readonly projectId: ProjectId | null;
      readonly after?: Record<string, unknown> | undefined;
      readonly limit: number;
    }): Promise<{ groupIds: GroupId[]; next: Record<string, unknown> | undefined }> {
      const { organizationId, teamId, projectId, after } = input;
      const page = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :prefix)',
        ExpressionAttributeValues: {
          ':pk': gsi3.ownedBy(organizationId, teamId),
          ':prefix': projectId === null ? gsi3.ownedPrefix : gsi3.ownedInProject(projectId),
        },
        Limit: input.limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      });
      return {
        groupIds: page.items.map((item) => read(item, 'groupId', groupId)),
        next: page.next,
      };
    },
  };
}

/** Enters a group in the list of the team that owns it, or takes it from there. */
export function listOwnerTeam(group: Group): Write<'owner team'> {
  const { id, organizationId, projectId, ownerTeam } = group;
  const key = groupKeys.ownerTeam(id);
  const teamId = ownerTeam?.teamId ?? null;
  if (teamId === null) {
    return { name: 'owner team', delete: { Key: key } };
  }
  const Item = {
    ...key,
    entity: 'ownerTeam',
    groupId: id,
    organizationId,
    projectId,
    teamId,
    gsi1pk: gsi3.ownedBy(organizationId, teamId),
    gsi1sk: `${gsi3.ownedInProject(projectId)}${id}`,
  };
  return { name: 'owner team', put: { Item } };
}
