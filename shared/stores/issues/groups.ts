import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import {
  type Group,
  groupPriorities,
  groupSubstatuses,
  type OwnerTeam,
  type SnoozeBaseline,
  type StatusDetails,
  storedGroupStatuses,
} from '../../domain/issues/group.ts';
import { allOf, attributesAre, doesNotExist, isLive, newestReleaseIs } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi2 } from '../keys/index-keys.ts';
import { isKeyable } from '../keys.ts';
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
import type { Consistency, Item, Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { assignmentFromItem } from './assignments.ts';
import { listEntryOf, listsOf } from './issue-lists.ts';
import { type MergedInto, mergedIntoOf } from './merged-groups.ts';

/** A group's row: the group, and the id of its public link. */
export type GroupRow = {
  readonly group: Group;
  readonly shareId: string | null;
  /**
   * Whether what each user has set of the group lies in one row; absent in rows from before
   * December 2026 that no migration has seen.
   */
  readonly hasUserRows?: boolean;
};

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
    async withAssignments(
      groupIds: readonly GroupId[],
      consistency?: Consistency,
    ): Promise<Map<string, AssignedGroupRow>> {
      const items = await table.batchGet(
        groupIds.flatMap((id) => [groupKeys.group(id), groupKeys.assignment(id)]),
        consistency,
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

    /** Which groups short ids name, by the short id in upper case. 100 of them a round trip. */
    async idsOfShortIds(
      organizationId: OrganizationId,
      shortIds: readonly string[],
    ): Promise<Map<string, GroupId>> {
      const names = shortIds.filter(isKeyable).map((shortId) => shortId.toUpperCase());
      const byKey = new Map(
        names.map((name) => [groupKeys.shortId(organizationId, name).pk, name]),
      );
      const items = await table.batchGet(
        names.map((name) => groupKeys.shortId(organizationId, name)),
      );
      return new Map(
        items.map((item) => [byKey.get(item.pk) ?? '', read(item, 'groupId', groupId)]),
      );
    },

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

/** Inserts a group together with the row of its short id. */
export function insertGroup(group: Group): Write<'group' | 'short id'>[] {
  return [
    {
      name: 'group',
      put: {
        Item: groupItem({ group, shareId: null, hasUserRows: true }),
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
export function groupItem({ group, shareId, hasUserRows }: GroupRow): Item {
  return {
    ...groupKeys.group(group.id),
    entity: 'group',
    ...group,
    shareId,
    ...(hasUserRows === undefined ? {} : { hasUserRows }),
    ...listEntryOf(group),
    ...dueKeys(group),
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

/** What a status was set with, in rows. */
export const statusDetails: Field<StatusDetails> = mapOf(statusDetail);

/** Where the counters of an archive begin, in rows. */
export const snoozeBaseline: Field<SnoozeBaseline> = object<SnoozeBaseline>({
  timesSeen: number,
  at: text,
  userCount: number,
  usersAt: optional(text),
});

const rowFromItem = rowReader<Group & Omit<GroupRow, 'group'>>({
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
  statusDetails,
  statusVersion: number,
  snoozeBaseline: nullable(snoozeBaseline),
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
  linked: optional(flag),
  ownerTeam: optional(
    object<OwnerTeam>({ teamId: nullable(text), isManual: flag, version: number }),
  ),
  shareId: nullable(text),
  hasUserRows: optional(flag),
});

/** Reads a group's row. */
export function groupFromItem(item: Item): GroupRow {
  const { shareId, hasUserRows, ...group } = rowFromItem(item);
  return { group, shareId, ...(hasUserRows === undefined ? {} : { hasUserRows }) };
}

/** Lets a transaction commit only while the group is live. */
export function checkGroupIsLive(groupId: GroupId): Write<'group'> {
  return {
    name: 'group',
    check: { Key: groupKeys.group(groupId), ...isLive },
  };
}

/**
 * Changes a group's own row from `before` to `after`: status, priority, inbox, public link and
 * owning team, and nothing that events count. Holds only while the status and the link are those
 * that were read, and the team where it is another one, and, where it is resolved in the release
 * after the newest, the newest release. `mergingInto` is the group that takes it in from now on.
 */
export function updateGroup(
  before: GroupRow,
  after: GroupRow,
  { mergingInto }: { readonly mergingInto?: GroupId } = {},
): Write<'group'> {
  const { group, shareId } = after;
  const due = dueKeys(group);
  const isOwnedElse = group.ownerTeam !== before.group.ownerTeam;
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
          ...(isOwnedElse ? { ownerTeam: group.ownerTeam } : {}),
          ...listsOf(group),
          ...due,
        },
        remove: due.gsi2pk === undefined ? ['gsi2pk', 'gsi2sk'] : [],
      },
      allOf(
        isLive,
        attributesAre({
          statusVersion: before.group.statusVersion,
          shareId: before.shareId,
          linked: before.group.linked,
        }),
        ...(isOwnedElse ? [attributesAre({ ownerTeam: before.group.ownerTeam })] : []),
        ...(group.resolvedAfter === null ? [] : [newestReleaseIs(before.group.newestRelease)]),
      ),
    ),
  };
}

type DueKeys = { readonly gsi2pk?: string; readonly gsi2sk?: string };

/** A group whose archive ends at a time is listed with what falls due. */
function dueKeys({ id, status, statusDetails }: Group): DueKeys {
  const until = status === 'ignored' ? statusDetails.ignoreUntil : undefined;
  return typeof until === 'string' ? { gsi2pk: gsi2.unsnooze, gsi2sk: gsi2.due(until, id) } : {};
}
