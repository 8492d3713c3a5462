import type { Actor } from '../../domain/actor.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import { subscriptionOf } from '../../domain/issues/followers.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { UserRow } from '../../domain/issues/user-flags.ts';
import { attributesAre, exists } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { read, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { assignmentFromItem } from './assignments.ts';
import { createFollowerStore } from './followers.ts';
import { isOfUser, type SubscribedGroup, userRowFromItem, userRowItem } from './user-rows.ts';

/** The names of the writes that move a row. */
export type UserRowMove = `original ${string}` | `copy ${string}`;

/** A group that takes in what users have set of another one, and what they have set of it. */
export type Destination = {
  readonly groupId: GroupId;
  readonly assignment: Assignment | null;
  readonly followers: readonly Actor[];
  /** Rows of the users by their sort keys, those from before December 2026 among them. */
  readonly rows: ReadonlyMap<string, Item>;
};

/** Whether a row says what a user has set of a group. */
export function isSetByUser(item: Item): boolean {
  return item.entity === 'subscription' && isOfUser(item);
}

/** What these users have set of a group that takes in their rows. Two round trips. */
export async function readDestination(
  table: Table,
  groupId: GroupId,
  items: readonly Item[],
): Promise<Destination> {
  const userIds = items.filter(isSetByUser).map((item) => userRowFromItem(item).userId);
  if (userIds.length === 0) {
    return { groupId, assignment: null, followers: [], rows: new Map() };
  }
  const [rows, assigned] = await Promise.all([
    table.batchGet(
      userIds.flatMap((userId) => [
        groupKeys.subscription(groupId, 'user', userId),
        groupKeys.bookmark(groupId, userId),
        groupKeys.seen(groupId, userId),
      ]),
    ),
    table.get(groupKeys.assignment(groupId)),
  ]);
  const assignment = assigned === undefined ? null : assignmentFromItem(assigned);
  const followers = await createFollowerStore(table).ofAssignments(
    assignment === null ? [] : [assignment],
  );
  return {
    groupId,
    assignment,
    followers: followers.get(groupId) ?? [],
    rows: new Map(rows.map((item) => [item.sk, item])),
  };
}

/**
 * Moves what a user has set of a group to another one, where it fills what that user has not set: a
 * subscription for holding the group does not move. Holds while the user's row there is as it was
 * read.
 */
export function moveUserRow(item: Item, from: Group, to: Destination): Write<UserRowMove>[] {
  const row = userRowFromItem(item);
  const { userId } = row;
  const there = to.rows.get(groupKeys.subscription(to.groupId, 'user', userId).sk);
  const known = there && userRowFromItem(there);
  const has = (time: string | null | undefined, key: { readonly sk: string }) =>
    time === undefined ? to.rows.has(key.sk) : time !== null;
  const user = { type: 'user', id: userId } as const;
  const { assignment, followers } = to;
  const subscribed = subscriptionOf(user, known?.subscription ?? null, assignment, followers);
  const moves = row.subscription?.reason !== 'assigned' && subscribed === null;
  const moved: UserRow = {
    userId,
    bookmarkedAt: has(known?.bookmarkedAt, groupKeys.bookmark(to.groupId, userId))
      ? undefined
      : (row.bookmarkedAt ?? undefined),
    seenAt: has(known?.seenAt, groupKeys.seen(to.groupId, userId))
      ? undefined
      : (row.seenAt ?? undefined),
    subscription: moves ? row.subscription : null,
  };
  return [takeAway(item), ...fill({ ...from, id: to.groupId }, item.sk, moved, there)];
}

/**
 * Gathers the bookmarks and views of a group from before December 2026 into the rows of its users,
 * one by one, so that nothing is lost that somebody sets meanwhile. Answers whether the time
 * sufficed.
 */
export async function gatherUserRows(
  { table, transact }: { readonly table: Table; readonly transact: Transact },
  group: Group,
  hasTime: () => boolean = () => true,
): Promise<boolean> {
  for (const prefix of [groupKeys.bookmarkPrefix, groupKeys.seenPrefix]) {
    for await (const page of table.queryPages({
      ...byPrefix(groupKeys.partition(group.id), prefix),
      Limit: GATHERED_PER_QUERY,
    })) {
      await Promise.all(page.map((item) => gatherRow({ table, transact }, group, item)));
      if (page.length > 0 && !hasTime()) {
        return false;
      }
    }
  }
  return true;
}

const GATHERED_PER_QUERY = 16;

/** A row that says something of it already, if only that it was taken back, is right. */
async function gatherRow(
  { table, transact }: { readonly table: Table; readonly transact: Transact },
  group: Group,
  item: Item,
): Promise<void> {
  const userId = read(item, 'userId', text);
  for (let attempt = 1; ; attempt += 1) {
    const there = await table.get(groupKeys.subscription(group.id, 'user', userId));
    const gathered = gatheredFrom(item, there && userRowFromItem(there));
    const row = { userId, ...gathered, subscription: null };
    const outcome = await transact([takeAway(item), ...fill(group, item.sk, row, there)]);
    if (outcome.committed || outcome.refused.includes(`original ${item.sk}`)) {
      return;
    }
    await table.backOff(attempt);
  }
}

function gatheredFrom(
  item: Item,
  known: UserRow | undefined,
): Pick<UserRow, 'bookmarkedAt' | 'seenAt'> {
  if (item.entity === 'bookmark') {
    return known?.bookmarkedAt === undefined ? { bookmarkedAt: read(item, 'dateAdded', text) } : {};
  }
  return known?.seenAt === undefined ? { seenAt: read(item, 'lastSeen', text) } : {};
}

function takeAway({ pk, sk }: Item): Write<`original ${string}`> {
  return { name: `original ${sk}`, delete: { Key: { pk, sk }, ...exists } };
}

/** Adds to a user's row, where it is as it was read. */
function fill(
  group: SubscribedGroup,
  sk: string,
  row: UserRow,
  there: Item | undefined,
): Write<`copy ${string}`>[] {
  const { bookmarkedAt, seenAt, subscription } = row;
  if (bookmarkedAt === undefined && seenAt === undefined && subscription === null) {
    return [];
  }
  const { pk: _pk, sk: _sk, ...set } = userRowItem(group, row);
  const asRead = Object.fromEntries(SET_BY_USERS.map((name) => [name, there?.[name]]));
  return [
    {
      name: `copy ${sk}`,
      update: updateRow(
        groupKeys.subscription(group.id, 'user', row.userId),
        { set },
        attributesAre(asRead),
      ),
    },
  ];
}

const SET_BY_USERS = ['bookmarkedAt', 'seenAt', 'reason', 'isActive'];
