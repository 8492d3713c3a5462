import type { GroupId, OrganizationId, ProjectId } from '../domain/ids.ts';
import { type Key, shardOf } from './keys.ts';

/**
 * How many partitions the outcomes of one operation are spread over: thousands of them are written
 * in a second, and a partition takes a thousand.
 */
export const OUTCOME_SHARDS = 4;

/** Operations over many issues. */
export const operationKeys = {
  operation: (id: string): Key => ({ pk: `OPERATION#${id}`, sk: 'A#OPERATION' }),
  /** The operations of an organization by when they were accepted; all, or those of one state. */
  listPartition: (organizationId: OrganizationId, state: string) =>
    `OPERATIONS#${organizationId}#${state}`,
  listed: (organizationId: OrganizationId, state: string, position: string): Key => ({
    pk: `OPERATIONS#${organizationId}#${state}`,
    sk: position,
  }),
  underWayPartition: 'OPERATIONS',
  /** Those of the whole stage that have not ended: they share what it may write in a second. */
  underWay: (id: string): Key => ({ pk: 'OPERATIONS', sk: id }),
  outcomePartition: (id: string, shard: number) => `OUTCOMES#${id}#${shard}`,
  /** What became of an issue. */
  outcome: (id: string, groupId: GroupId): Key => ({
    pk: `OUTCOMES#${id}#${shardOf(groupId, OUTCOME_SHARDS)}`,
    sk: groupId,
  }),
  /** The only operation of its kind that works on the project. */
  ofProject: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'OPERATION' }),
};
