import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import {
  type Group,
  groupPriorities,
  groupSubstatuses,
  type StoredGroupStatus,
  storedGroupStatuses,
} from '../../domain/issues/group.ts';
import {
  type IndexedGroup,
  type ListedCounts,
  listedCountsOf,
  notedRangeOf,
} from '../../domain/issues/indexed-group.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { gsi3, gsi4, ORGANIZATION_LIST_SHARDS } from '../keys/index-keys.ts';
import { shardOf } from '../keys.ts';
import { groupId, organizationId, projectId, release } from '../row-fields.ts';
import {
  flag,
  list,
  mapped,
  nullable,
  number,
  oneOf,
  orElse,
  read,
  rowReader,
  text,
} from '../rows.ts';
import type { QueryPage, Table } from '../table.ts';

/** A group as a list shows it, and its position in the list. */
export type ListedGroup = { readonly group: IndexedGroup; readonly position: string };

/** One of the lists of groups: of a project, or a part of those of an organization. */
export type IssueList = { readonly status: StoredGroupStatus } & (
  | { readonly projectId: ProjectId }
  | { readonly organizationId: OrganizationId; readonly shard: number }
);

/** Where a page of a list begins and ends, and which way it goes. */
export type ListPart = {
  /** The position after which it starts; absent for the beginning. */
  readonly from?: string;
  /** From there to groups that were seen later, nearest first. */
  readonly backwards?: boolean;
  /** ISO 8601 in UTC: groups that were last seen before it are left out. */
  readonly since?: string;
  readonly limit: number;
};

export type IssueListStore = ReturnType<typeof createIssueListStore>;

/**
 * Entries that are counted together: about the megabyte that DynamoDB stops at. The local engine
 * reads all that are left where it is not told where to stop.
 */
const COUNTED_TOGETHER = 2_500;

/** The lists of groups by state, last seen first: of each project, and of each organization. */
export function createIssueListStore(table: Table) {
  return {
    /** The lists that together hold an organization's groups of one state. */
    ofOrganization(organizationId: OrganizationId, status: StoredGroupStatus): IssueList[] {
      return Array.from({ length: ORGANIZATION_LIST_SHARDS }, (_, shard) => ({
        organizationId,
        status,
        shard,
      }));
    },

    /**
     * Whether the lists of an organization hold all of its groups: those from before December 2026
     * are entered by a migration. One round trip.
     */
    async isComplete(organizationId: OrganizationId): Promise<boolean> {
      const item = await table.get(directoryKeys.organization(organizationId), 'eventual');
      return item?.hasIssueLists === true;
    },

    /**
     * One page of a list, last seen first. It may lag behind the latest writes for a moment. One
     * round trip.
     */
    async page(issues: IssueList, part: ListPart): Promise<{ rows: ListedGroup[]; more: boolean }> {
      const range = positionsOf(part);
      if (range === 'none') {
        return { rows: [], more: false };
      }
      const { IndexName, attribute, value } = partitionOf(issues);
      const page: QueryPage = await table.queryPage({
        IndexName,
        KeyConditionExpression: [`${attribute} = :pk`, ...range.conditions].join(' AND '),
        ExpressionAttributeValues: { ':pk': value, ...range.values },
        ScanIndexForward: part.backwards ?? false,
        Limit: part.limit + range.overlap,
      });
      const rows = page.items
        .map((item) => ({ group: listedFromItem(item), position: read(item, 'gsi1sk', text) }))
        .filter(({ position }) => position !== part.from);
      return { rows, more: page.next !== undefined };
    },

    /**
     * How many groups a list has, counted until there are `enough`. A round trip for each megabyte,
     * which is about 2,000 of them.
     */
    count(issues: IssueList, enough: number): Promise<number> {
      const { IndexName, attribute, value } = partitionOf(issues);
      const query = {
        IndexName,
        KeyConditionExpression: `${attribute} = :pk`,
        ExpressionAttributeValues: { ':pk': value },
        Limit: COUNTED_TOGETHER,
      };
      return table.count(query, Number.POSITIVE_INFINITY, enough);
    },

    /** The position of a group in the pages of its lists. */
    positionOf,
  };
}

/** The attributes that list a group, and what they note of its counts. */
export type ListEntry = ListKeys & ListedCounts & { readonly gsi1sk: string };

/** The attributes that say which lists a group is in. */
export type ListKeys = { readonly gsi1pk: string; readonly gsi4pk: string };

/** A group's entry in the lists of its project and its organization. */
export function listEntryOf(group: Group): ListEntry {
  return { ...listsOf(group), gsi1sk: positionOf(group), ...listedCountsOf(group) };
}

/** The lists that a group is in, by its state. */
export function listsOf({
  id,
  organizationId,
  projectId,
  status,
}: Pick<Group, 'id' | 'organizationId' | 'projectId' | 'status'>): ListKeys {
  return {
    gsi1pk: gsi3.groupsOfProject(projectId, status),
    gsi4pk: gsi4.groupsOfOrganization(
      organizationId,
      status,
      shardOf(id, ORGANIZATION_LIST_SHARDS),
    ),
  };
}

/** The position of a group in the pages of its lists. */
export function positionOf({ id, lastSeen }: Pick<Group, 'id' | 'lastSeen'>): string {
  return gsi3.lastSeen(lastSeen, id);
}

function partitionOf(issues: IssueList) {
  return 'projectId' in issues
    ? {
        IndexName: gsi3.name,
        attribute: 'gsi1pk',
        value: gsi3.groupsOfProject(issues.projectId, issues.status),
      }
    : {
        IndexName: gsi4.name,
        attribute: 'gsi4pk',
        value: gsi4.groupsOfOrganization(issues.organizationId, issues.status, issues.shard),
      };
}

/**
 * The positions of a page as a condition of the index; a key has one condition at most, and BETWEEN
 * holds its ends.
 */
function positionsOf({ from, backwards = false, since }: ListPart) {
  if (from === undefined && since === undefined) {
    return { conditions: [], values: {}, overlap: 0 };
  }
  if (from === undefined) {
    return { conditions: ['gsi1sk >= :since'], values: { ':since': since }, overlap: 0 };
  }
  if (backwards || since === undefined) {
    return {
      conditions: [backwards ? 'gsi1sk > :from' : 'gsi1sk < :from'],
      values: { ':from': from },
      overlap: 0,
    };
  }
  if (from <= since) {
    return 'none';
  }
  return {
    conditions: ['gsi1sk BETWEEN :since AND :from'],
    values: { ':since': since, ':from': from },
    overlap: 1,
  };
}

const countRange = mapped(nullable(number), notedRangeOf);

const entryFromItem = rowReader<
  Omit<IndexedGroup, 'timesSeen' | 'userCount'> & {
    readonly listedTimesSeen: IndexedGroup['timesSeen'];
    readonly listedUserCount: IndexedGroup['userCount'];
  }
>({
  id: groupId,
  organizationId,
  projectId,
  shortId: text,
  title: text,
  culprit: nullable(text),
  level: text,
  type: text,
  status: oneOf(storedGroupStatuses),
  substatus: nullable(oneOf(groupSubstatuses)),
  priority: nullable(oneOf(groupPriorities)),
  inInbox: flag,
  firstSeen: text,
  lastSeen: text,
  environments: orElse(list(text), []),
  newestRelease: nullable(release),
  listedTimesSeen: countRange,
  listedUserCount: countRange,
});

function listedFromItem(item: QueryPage['items'][number]): IndexedGroup {
  const { listedTimesSeen, listedUserCount, ...group } = entryFromItem(item);
  return { ...group, timesSeen: listedTimesSeen, userCount: listedUserCount };
}
