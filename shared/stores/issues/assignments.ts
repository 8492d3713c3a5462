import { type Actor, formatActor, sameActor } from '../../domain/actor.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import {
  ASSIGNED_BY,
  type Assignment,
  endReasons,
  type Lease,
  leaseDueAt,
  orphanCauses,
} from '../../domain/issues/assignee.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import { allOf, attributesAre, type Condition, versionIs } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi2, gsi3, gsi4, LEASE_SHARDS } from '../keys/index-keys.ts';
import { shardOf } from '../keys.ts';
import { actor, groupId, organizationId, projectId } from '../row-fields.ts';
import {
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  read,
  rowReader,
  text,
} from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { listFollowers, putPages, takeFromPage } from './followers.ts';

export type AssignmentStore = ReturnType<typeof createAssignmentStore>;

/** The rows that say to whom each group is assigned. */
export function createAssignmentStore(table: Table) {
  return {
    /**
     * A group's assignment, consistently; null for a group that was never assigned. One round trip.
     */
    async ofGroup(groupId: GroupId): Promise<Assignment | null> {
      const item = await table.get(groupKeys.assignment(groupId));
      return item ? assignmentFromItem(item) : null;
    },

    /** The assignments of these groups that exist, by group. 100 groups a round trip. */
    async ofGroups(groupIds: readonly GroupId[]): Promise<Map<string, Assignment>> {
      const items = await table.batchGet(groupIds.map(groupKeys.assignment));
      return new Map(items.map(assignmentFromItem).map((one) => [one.groupId, one]));
    },

    /** A page of the groups that an actor holds, in the order in which they were assigned. */
    async groupsAssignedTo(input: {
      readonly organizationId: OrganizationId;
      readonly actor: Actor;
      readonly after?: Record<string, unknown>;
      readonly limit: number;
    }): Promise<{ groupIds: GroupId[]; next: Record<string, unknown> | undefined }> {
      const page = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: {
          ':pk': gsi3.assignedTo(input.organizationId, formatActor(input.actor)),
        },
        Limit: input.limit,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      return {
        groupIds: page.items.map((item) => read(item, 'groupId', groupId)),
        next: page.next,
      };
    },

    /** The parts that together hold all assignments that end by themselves. */
    partsOfLeases: () => Array.from({ length: LEASE_SHARDS }, (_, part) => part),

    /**
     * A page of one part of the groups about whose lease something was to be done by `now`, the
     * earliest first. One round trip.
     */
    async leasesDue(input: {
      readonly part: number;
      readonly now: string;
      readonly after?: Record<string, unknown>;
      readonly limit: number;
    }): Promise<{ groupIds: GroupId[]; next: Record<string, unknown> | undefined }> {
      const page = await table.queryPage({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk <= :now',
        ExpressionAttributeValues: { ':pk': gsi2.lease(input.part), ':now': `${input.now}~` },
        Limit: input.limit,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      return {
        groupIds: page.items.map((item) => read(item, 'groupId', groupId)),
        next: page.next,
      };
    },
  };
}

/**
 * Writes a group's assignment if it is still as it was read, and lists its followers, null for
 * those that it has. `read` is null where there was no row.
 */
export function putAssignment(
  next: Assignment,
  read: Assignment | null,
  all: readonly Actor[] | null,
): Write<'assignment' | 'followers'>[] {
  const condition = read === null ? versionIs(null) : isReplaceable(read, next);
  if (all === null) {
    return [{ name: 'assignment', put: { Item: assignmentItem(next), ...condition } }];
  }
  const { followers, pages } = listFollowers(all);
  const Item = assignmentItem({ ...next, followers, followerPages: pages.length });
  return [{ name: 'assignment', put: { Item, ...condition } }, ...putPages(next, pages)];
}

/** Lists the followers of an assignment that otherwise stays, if it is as it was read. */
export function relistFollowers(
  read: Assignment,
  all: readonly Actor[],
): Write<'assignment' | 'followers'>[] {
  const subscriptionsVersion = (read.subscriptionsVersion ?? 0) + 1;
  return putAssignment({ ...read, subscriptionsVersion }, read, all);
}

/** Takes a follower from the `list` that has them. */
export function dropFollower(
  read: Assignment,
  follower: Actor,
  list: readonly Actor[],
): Write<'assignment' | 'followers'>[] {
  if (!listsFollowers(read)) {
    return [];
  }
  if (read.followerPages > 0) {
    return [relist(read, {}), takeFromPage(read, follower, list)];
  }
  const left = list.filter((one) => !sameActor(one, follower));
  return [relist(read, { followers: left.map(formatActor) })];
}

/** Whoever read the followers before cannot change the assignment after it. */
function relist(read: Assignment, set: Readonly<Record<string, unknown>>): Write<'assignment'> {
  return {
    name: 'assignment',
    update: updateRow(
      groupKeys.assignment(read.groupId),
      { add: { subscriptionsVersion: 1 }, set },
      isAsRead(read),
    ),
  };
}

/** Writes that a tracker confirmed an assignment, which otherwise stays as it was read. */
export function confirmAssignment(confirmed: Assignment, read: Assignment): Write<'assignment'> {
  return {
    name: 'assignment',
    put: {
      Item: assignmentItem(confirmed),
      ...allOf(isAsRead(read), attributesAre({ origin: read.origin })),
    },
  };
}

/** Lets a transaction commit only while the assignment is the one that was read. */
export function checkAssignment(groupId: GroupId, readVersion: number | null): Write<'assignment'> {
  return {
    name: 'assignment',
    check: { Key: groupKeys.assignment(groupId), ...versionIs(readVersion) },
  };
}

/** The same, and refused as well where somebody has touched it since. */
export function checkAssignmentIsAsRead(
  groupId: GroupId,
  read: Assignment | null,
): Write<'assignment'> {
  return read === null
    ? checkAssignment(groupId, null)
    : {
        name: 'assignment',
        check: { Key: groupKeys.assignment(groupId), ...isAsRead(read) },
      };
}

/**
 * Has whoever has read an assignment read it again before they change it, if it is as it was read:
 * where its group is deleted, merged away or linked. A group that
 * was never assigned needs no more than that: the first assignment asks for the group itself.
 */
export function touchAssignment(groupId: GroupId, read: Assignment | null): Write<'assignment'> {
  return read === null ? checkAssignment(groupId, null) : relist(read, {});
}

/** What keeps its version keeps what a tracker has confirmed of it, too. */
function isReplaceable(read: Assignment, next: Assignment): Condition {
  return read.version === next.version
    ? allOf(isAsRead(read), attributesAre({ origin: read.origin }))
    : isAsRead(read);
}

/** That an assignment and its followers are those that were read. */
function isAsRead({ version, subscriptionsVersion, lease }: Assignment): Condition {
  return attributesAre({ version, subscriptionsVersion, lease });
}

/**
 * An assignment's row as the table holds it; one with an assignee is in that actor's list, and one
 * that ends by itself among what falls due. Of an open issue whose holder may not hold it, it is
 * among the organization's orphans.
 */
export function assignmentItem(assignment: Assignment): Item {
  const { assignee, followers, ...rest } = assignment;
  return {
    ...groupKeys.assignment(assignment.groupId),
    entity: 'assignment',
    ...rest,
    ...(followers === undefined ? {} : { followers: followers.map(formatActor) }),
    assignee: assignee && formatActor(assignee),
    ...(assignee === null || assignment.dateAssigned === null
      ? {}
      : {
          gsi1pk: gsi3.assignedTo(assignment.organizationId, formatActor(assignee)),
          gsi1sk: gsi3.assignedAt(assignment.dateAssigned, assignment.groupId),
        }),
    ...(assignment.lease === undefined ? {} : dueKeys(assignment.groupId, assignment.lease)),
    ...(assignment.orphan?.isListed ? { gsi4pk: gsi4.orphansOf(assignment.organizationId) } : {}),
  };
}

function dueKeys(groupId: GroupId, lease: Lease) {
  return {
    gsi2pk: gsi2.lease(shardOf(groupId, LEASE_SHARDS)),
    gsi2sk: gsi2.due(leaseDueAt(lease), groupId),
  };
}

export const assignmentFromItem = rowReader<Assignment>({
  groupId,
  organizationId,
  projectId,
  version: number,
  assignee: nullable(actor),
  dateAssigned: nullable(text),
  changedAt: text,
  source: nullable(text),
  lastAssignedManually: nullable(flag),
  assignedBy: optional(oneOf(ASSIGNED_BY)),
  followsEnd: optional(oneOf(endReasons)),
  lease: optional(object<Lease>({ expiresAt: text, isEndingTold: flag })),
  subscriptionsVersion: optional(number),
  followers: optional(list(actor)),
  followerPages: optional(number),
  origin: optional(object<NonNullable<Assignment['origin']>>({ linkId: text, decidedAt: text })),
  orphan: optional(
    object<NonNullable<Assignment['orphan']>>({
      cause: oneOf(orphanCauses),
      since: text,
      isListed: flag,
    }),
  ),
});
