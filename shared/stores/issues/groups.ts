import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import {
  type Group,
  groupPriorities,
  groupSubstatuses,
  type SnoozeBaseline,
  type StoredGroupStatus,
  storedGroupStatuses,
} from '../../domain/issues/group.ts';
import { allOf, attributesAre, doesNotExist, isLive, newestReleaseIs } from '../conditions.ts';
import { groupKeys, gsi1, gsi2, isKeyable } from '../keys.ts';
import { groupId, organizationId, projectId, release } from '../row-fields.ts';
import {
  damaged,
  type Field,
  flag,
  list,
  map,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  optional,
  orElse,
  read,
  rowReader,
  text,
} from '../rows.ts';
import type { Item, QueryPage, Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { assignmentFromItem } from './assignments.ts';
import { type MergedInto, mergedIntoOf } from './merged-groups.ts';

/** A group's row: the group, and the id of its public link. */
export type GroupRow = { readonly group: Group; readonly shareId: string | null };

/** A group as a list of its project shows it, and its position in the list. */
export type ListedGroup = { readonly group: Group; readonly position: string };

export type AssignedGroupRow = GroupRow & { readonly assignment: Assignment | null };

export type GroupStore = ReturnType<typeof createGroupStore>;

/** Groups, by id, by short id, and in the lists of their projects. */
export function createGroupStore(table: Table) {
  return {
    /** One group's row; undefined where there is none. One round trip. */
    async byId(groupId: GroupId): Promise<GroupRow | undefined> {
      const item = await table.get(groupKeys.group(groupId));
      return item && groupFromItem(item);
    },

    /**
     * The groups of these ids that exist, each with its assignment, by id. 50 groups a round trip.
     */
    async withAssignments(groupIds: readonly GroupId[]): Promise<Map<string, AssignedGroupRow>> {
      const items = await table.batchGet(
        groupIds.flatMap((id) => [groupKeys.group(id), groupKeys.assignment(id)]),
      );
      const assignments = new Map(
        items
          .filter((item) => item.entity === 'assignment')
          .map(assignmentFromItem)
          .map((assignment) => [assignment.groupId, assignment]),
      );
      return new Map(
        items
          .filter((item) => item.entity === 'group')
          .map((item) => {
            const row = groupFromItem(item);
            return [row.group.id, { ...row, assignment: assignments.get(row.group.id) ?? null }];
          }),
      );
    },

    /**
     * Where those of these groups went that were merged into others, also while what belongs to
     * them is being moved. 50 groups a round trip.
     */
    async mergedInto(groupIds: readonly GroupId[]): Promise<Map<GroupId, MergedInto>> {
      const items = await table.batchGet(
        groupIds.flatMap((id) => [groupKeys.group(id), groupKeys.mergedInto(id)]),
      );
      return mergedIntoOf(items);
    },

    /** Which group a short id names within an organization. One round trip. */
    async idOfShortId(
      organizationId: OrganizationId,
      shortId: string,
    ): Promise<string | undefined> {
      if (!isKeyable(shortId)) {
        return undefined;
      }
      const item = await table.get(groupKeys.shortId(organizationId, shortId));
      return item && read(item, 'groupId', groupId);
    },

    /**
     * One page of a project's groups in one state, last seen first. The page starts after the
     * position `from`; with `backwards` it goes from there to groups that were seen later, nearest
     * first. Groups last seen before `since` are left out. The list may lag behind the latest
     * writes for a moment.
     */
    async pageOfProject(input: {
      readonly projectId: ProjectId;
      readonly status: StoredGroupStatus;
      readonly from?: string;
      readonly backwards?: boolean;
      /** ISO 8601 in UTC. */
      readonly since?: string;
      readonly limit: number;
    }): Promise<{ rows: ListedGroup[]; more: boolean }> {
      const range = positionsOf(input);
      if (range === 'none') {
        return { rows: [], more: false };
      }
      const page: QueryPage = await table.queryPage({
        IndexName: gsi1.name,
        KeyConditionExpression: ['gsi1pk = :pk', ...range.conditions].join(' AND '),
        ExpressionAttributeValues: {
          ':pk': gsi1.groupsOfProject(input.projectId, input.status),
          ...range.values,
        },
        ScanIndexForward: input.backwards ?? false,
        Limit: input.limit + range.overlap,
      });
      const rows = page.items.map(listedFromItem).filter(({ position }) => position !== input.from);
      return { rows, more: page.next !== undefined };
    },

    /** Where a group stands in the pages of its project: a position of `pageOfProject`. */
    positionOf,

    /** A page of the groups whose archive was to end by `now`, the earliest first. */
    async dueToUnsnooze(now: string, limit: number): Promise<GroupRow[]> {
      const page = await table.queryPage({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk <= :now',
        ExpressionAttributeValues: { ':pk': gsi2.unsnooze, ':now': `${now}~` },
        Limit: limit,
      });
      return page.items.map(groupFromItem);
    },
  };
}

type Positions = {
  readonly from?: string;
  readonly backwards?: boolean;
  readonly since?: string;
};

/**
 * The positions of a page as a condition of the index; a key has one condition at most, and BETWEEN
 * holds its ends.
 */
function positionsOf({ from, backwards = false, since }: Positions) {
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

/** Inserts a group together with the row of its short id. */
export function insertGroup(group: Group): Write<'group' | 'short id'>[] {
  return [
    {
      name: 'group',
      put: {
        Item: groupItem({ group, shareId: null }),
        ...doesNotExist,
      },
    },
    {
      name: 'short id',
      put: {
        Item: shortIdItem(group),
        ...doesNotExist,
      },
    },
  ];
}

/** A group's row as the table holds it. */
export function groupItem({ group, shareId }: GroupRow): Item {
  return {
    ...groupKeys.group(group.id),
    entity: 'group',
    ...group,
    shareId,
    ...indexKeys(group),
  };
}

/** The row by which a group is found from its short id. */
export function shortIdItem(group: Group): Item {
  return {
    ...groupKeys.shortId(group.organizationId, group.shortId),
    entity: 'shortId',
    groupId: group.id,
    organizationId: group.organizationId,
    projectId: group.projectId,
  };
}

const statusDetail: Field<string | number | boolean> = (value, at) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : damaged('text, a number, true or false', value, at);

const rowFromItem = rowReader<Group & { readonly shareId: string | null }>({
  id: groupId,
  organizationId,
  projectId,
  shortId: text,
  title: text,
  culprit: nullable(text),
  level: text,
  type: text,
  platform: nullable(text),
  status: oneOf(storedGroupStatuses),
  substatus: nullable(oneOf(groupSubstatuses)),
  statusDetails: mapOf(statusDetail),
  statusVersion: number,
  snoozeBaseline: nullable(
    object<SnoozeBaseline>({
      timesSeen: number,
      at: text,
      userCount: number,
      usersAt: optional(text),
    }),
  ),
  // Rows from before issues remembered their environments and releases have none.
  newestRelease: nullable(release),
  resolvedAfter: nullable(release),
  priority: nullable(oneOf(groupPriorities)),
  priorityLockedAt: nullable(text),
  inInbox: flag,
  timesSeen: number,
  userCount: number,
  // Rows from before issues had notes have none.
  numComments: orElse(number, 0),
  firstSeen: text,
  lastSeen: text,
  environments: orElse(list(text), []),
  metadata: map,
  shareId: nullable(text),
});

function groupFromItem(item: Item): GroupRow {
  const { shareId, ...group } = rowFromItem(item);
  return { group, shareId };
}

function listedFromItem(item: Item): ListedGroup {
  return { group: groupFromItem(item).group, position: read(item, 'gsi1sk', text) };
}

/** Lets a transaction commit only while the group is live. */
export function checkGroupIsLive(groupId: GroupId): Write<'group'> {
  return {
    name: 'group',
    check: { Key: groupKeys.group(groupId), ...isLive },
  };
}

/**
 * Changes a group's own row from `before` to `after`: status, priority, inbox and public link, and
 * nothing that events count. Holds only while the status and the link are those that were read,
 * and, where it is resolved in the release after the newest, the newest release. `mergingInto` is
 * the group that takes it in from now on.
 */
export function updateGroup(
  before: GroupRow,
  after: GroupRow,
  { mergingInto }: { readonly mergingInto?: GroupId } = {},
): Write<'group'> {
  const { group, shareId } = after;
  const { gsi1sk, ...listedUnder } = indexKeys(group);
  const isDue = listedUnder.gsi2pk !== undefined;
  return {
    name: 'group',
    update: updateRow(
      groupKeys.group(group.id),
      {
        set: {
          status: group.status,
          substatus: group.substatus,
          statusDetails: group.statusDetails,
          statusVersion: group.statusVersion,
          snoozeBaseline: group.snoozeBaseline,
          resolvedAfter: group.resolvedAfter,
          priority: group.priority,
          priorityLockedAt: group.priorityLockedAt,
          inInbox: group.inInbox,
          shareId,
          ...(mergingInto === undefined ? {} : { mergingInto }),
          ...listedUnder,
        },
        remove: isDue ? [] : ['gsi2pk', 'gsi2sk'],
      },
      allOf(
        isLive,
        attributesAre({ statusVersion: before.group.statusVersion, shareId: before.shareId }),
        ...(group.resolvedAfter === null ? [] : [newestReleaseIs(before.group.newestRelease)]),
      ),
    ),
  };
}

function positionOf({ id, lastSeen }: Group): string {
  return gsi1.lastSeen(lastSeen, id);
}

type IndexKeys = {
  readonly gsi1pk: string;
  readonly gsi1sk: string;
  readonly gsi2pk?: string;
  readonly gsi2sk?: string;
};

/**
 * A group stands in the list of its project and state, and, while an archive runs out by time,
 * among what falls due.
 */
function indexKeys(group: Group): IndexKeys {
  const listed = {
    gsi1pk: gsi1.groupsOfProject(group.projectId, group.status),
    gsi1sk: positionOf(group),
  };
  const until = group.status === 'ignored' ? group.statusDetails.ignoreUntil : undefined;
  if (typeof until !== 'string') {
    return listed;
  }
  return { ...listed, gsi2pk: gsi2.unsnooze, gsi2sk: gsi2.due(until, group.id) };
}
