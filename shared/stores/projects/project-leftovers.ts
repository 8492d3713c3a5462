import { changedMeanwhile } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import { createBatchDelete } from '../batch-delete.ts';
import { leadsToProject } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import type { Key } from '../keys.ts';
import { byPrefix, type Item, type QueryInput, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';

export type ProjectLeftoverStore = ReturnType<typeof createProjectLeftoverStore>;

/**
 * Removes the rows of a deleted project beside its groups. The project's own row refuses new rows
 * by then, so that one pass finds all of them, and a pass that was interrupted is repeated. Every
 * function answers how many rows it removed.
 */
export function createProjectLeftoverStore(table: Table, transact: Transact) {
  const batchDelete = createBatchDelete(table);

  /**
   * Deletes the rows of a Query for which `isLeftover` holds, page by page; their counterparts in
   * other partitions first.
   */
  async function deleteFound(
    query: QueryInput,
    isLeftover: (item: Item) => boolean = () => true,
    twinsOf: (item: Item) => readonly Key[] = () => [],
  ): Promise<number> {
    let removed = 0;
    for await (const page of table.queryPages(query)) {
      const leftovers = page.filter(isLeftover);
      const twins = leftovers.flatMap(twinsOf);
      await batchDelete(twins);
      await batchDelete(leftovers);
      removed += twins.length + leftovers.length;
    }
    return removed;
  }

  return {
    /** The users' notification settings for the project. */
    removeNotificationSettings(projectId: ProjectId): Promise<number> {
      return deleteFound({
        ...byPrefix(projectKeys.partition(projectId), projectKeys.notificationSettingsPrefix),
        ProjectionExpression: 'pk, sk',
      });
    },

    /**
     * All rows in the project's partition but its own and the tombstone; of its teams, the rows in
     * their partitions as well.
     */
    removeOwnRows(projectId: ProjectId): Promise<number> {
      const last = new Set([
        projectKeys.project(projectId).sk,
        projectKeys.tombstone(projectId).sk,
      ]);
      return deleteFound(
        {
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': projectKeys.partition(projectId) },
          ProjectionExpression: 'pk, sk, teamId',
          ConsistentRead: true,
        },
        ({ sk }) => !last.has(sk),
        ({ teamId }) =>
          typeof teamId === 'string' ? [directoryKeys.teamProject(teamId, projectId)] : [],
      );
    },

    /**
     * The slugs that led to the project; one that another project has taken meanwhile stays with
     * that.
     */
    async removeSlugs({ id, organizationId }: Pick<Project, 'id' | 'organizationId'>) {
      const prefix = byPrefix(
        directoryKeys.organizationPartition(organizationId),
        projectKeys.slugPrefix,
      );
      const slugs = await table.queryAll({
        ...prefix,
        FilterExpression: 'projectId = :projectId',
        ExpressionAttributeValues: { ...prefix.ExpressionAttributeValues, ':projectId': id },
        ProjectionExpression: 'pk, sk',
      });
      let removed = 0;
      for (const slug of slugs) {
        const outcome = await transact([deleteSlug(slug, id)]);
        if (!outcome.committed && outcome.refused.length === 0) {
          throw changedMeanwhile();
        }
        removed += outcome.committed ? 1 : 0;
      }
      return removed;
    },
  };
}

function deleteSlug({ pk, sk }: Key, projectId: ProjectId): Write<`slug ${string}`> {
  return {
    name: `slug ${sk}`,
    delete: {
      Key: { pk, sk },
      ...leadsToProject(projectId),
    },
  };
}
