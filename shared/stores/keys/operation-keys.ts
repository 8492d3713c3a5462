import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import { type Key, shardOf } from '../keys.ts';

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
  /** A plan, its issues in pages, and those that it was asked for, by their names. */
  plan: (id: string): Key => ({ pk: `PLAN#${id}`, sk: 'A#PLAN' }),
  planPartition: (id: string) => `PLAN#${id}`,
  planPagePrefix: 'ISSUES#',
  planPage: (id: string, page: number): Key => ({
    pk: `PLAN#${id}`,
    sk: `ISSUES#${String(page).padStart(6, '0')}`,
  }),
  planNamesPrefix: 'NAMES#',
  planNames: (id: string, row: number): Key => ({
    pk: `PLAN#${id}`,
    sk: `NAMES#${String(row).padStart(2, '0')}`,
  }),
  /** The plans of an organization by when they were made. */
  planList: (organizationId: OrganizationId) => `PLANS#${organizationId}`,
  listedPlan: (organizationId: OrganizationId, position: string): Key => ({
    pk: `PLANS#${organizationId}`,
    sk: position,
  }),
};
