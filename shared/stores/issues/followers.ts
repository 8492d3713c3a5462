import { type Actor, formatActor, sameActor } from '../../domain/actor.ts';
import type { GroupId, UserId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import { followersWith, isAmong, listsFollowers } from '../../domain/issues/followers.ts';
import { versionIs } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { shardOf } from '../keys.ts';
import { actor, groupId } from '../row-fields.ts';
import { list, number, rowReader } from '../rows.ts';
import { byPrefix, type Consistency, type Item, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { subscriptionFromItem } from './user-rows.ts';

/** So many followers fit into the first kilobyte of an assignment's row. */
const LISTED_FOLLOWERS = 24;
/** So many fit into what one read unit reads. */
const FOLLOWERS_OF_PAGE = 150;
/** A transaction takes no more rows: the pages of a larger team are longer. */
const MOST_PAGES = 80;

export type FollowerStore = ReturnType<typeof createFollowerStore>;

/** Who follows groups for holding them. */
export function createFollowerStore(table: Table) {
  /** The pages of these assignments that there are, by group. */
  async function readPages(
    wanted: readonly { readonly assignment: Assignment; readonly page: number }[],
    consistency?: Consistency,
  ): Promise<Map<GroupId, Actor[]>> {
    const versions = new Map(
      wanted.map(({ assignment }) => [assignment.groupId, assignment.version]),
    );
    const items = await table.batchGet(
      wanted.map(({ assignment, page }) => groupKeys.followers(assignment.groupId, page)),
      consistency,
    );
    const found = new Map<GroupId, Actor[]>();
    for (const page of items.map(pageFromItem)) {
      // A page from before the assignment changed is of those who follow no longer.
      if (page.version === versions.get(page.groupId)) {
        found.set(page.groupId, [...(found.get(page.groupId) ?? []), ...page.followers]);
      }
    }
    return found;
  }

  return {
    /**
     * All followers of these assignments, by group. Nothing is read for those that are listed with
     * the assignment; 100 pages of the others a round trip; a Query for each assignment from before
     * December 2026.
     */
    async ofAssignments(
      assignments: readonly Assignment[],
    ): Promise<Map<GroupId, readonly Actor[]>> {
      const unknown = assignments.filter((one) => followersWith(one) === null);
      const [pages, before] = await Promise.all([
        readPages(
          unknown
            .filter(listsFollowers)
            .flatMap((assignment) =>
              Array.from({ length: assignment.followerPages }, (_, page) => ({ assignment, page })),
            ),
        ),
        Promise.all(
          unknown
            .filter((one) => !listsFollowers(one))
            .map(async (one) => [one.groupId, await followersBefore(table, one.groupId)] as const),
        ),
      ]);
      const read = new Map<GroupId, readonly Actor[]>([...pages, ...before]);
      return new Map(
        assignments.map((one) => [one.groupId, followersWith(one) ?? read.get(one.groupId) ?? []]),
      );
    },

    /**
     * The list that has a user as a follower, of each of these assignments that lists its
     * followers. Nothing is read for those that are listed with the assignment; 100 of the others
     * a round trip.
     */
    async listsWith(
      userId: UserId,
      assignments: readonly Assignment[],
      consistency?: Consistency,
    ): Promise<Map<GroupId, readonly Actor[]>> {
      const user: Actor = { type: 'user', id: userId };
      const inPages = assignments.filter((one) => listsFollowers(one) && one.followerPages > 0);
      const pages = await readPages(
        inPages.map((assignment) => ({
          assignment,
          page: pageOf(user, assignment.followerPages ?? 0),
        })),
        consistency,
      );
      return new Map(
        assignments.filter(listsFollowers).flatMap((one) => {
          const known = followersWith(one) ?? pages.get(one.groupId) ?? [];
          return isAmong(known, user) ? [[one.groupId, known] as const] : [];
        }),
      );
    },
  };
}

/** How the followers of an assignment are listed: with it, or in pages. */
export type ListedFollowers = {
  readonly followers: readonly Actor[];
  readonly pages: readonly (readonly Actor[])[];
};

/** Lists followers. Each is on the page that their own text names: it is found alone. */
export function listFollowers(followers: readonly Actor[]): ListedFollowers {
  if (followers.length <= LISTED_FOLLOWERS) {
    return { followers, pages: [] };
  }
  const count = Math.min(MOST_PAGES, Math.ceil(followers.length / FOLLOWERS_OF_PAGE));
  const pages = Array.from({ length: count }, (_, page) =>
    followers.filter((follower) => pageOf(follower, count) === page),
  );
  return { followers: [], pages };
}

/** Writes the pages of an assignment's followers. */
export function putPages(
  assignment: Assignment,
  pages: ListedFollowers['pages'],
): Write<'followers'>[] {
  return pages.map((followers, page) => ({
    name: 'followers',
    put: { Item: followersItem(assignment, page, followers) },
  }));
}

/** Takes somebody from the page that has them, of which all are known. */
export function takeFromPage(
  assignment: Assignment & { readonly followerPages: number },
  follower: Actor,
  all: readonly Actor[],
): Write<'followers'> {
  const left = all.filter((one) => !sameActor(one, follower));
  const page = pageOf(follower, assignment.followerPages);
  return {
    name: 'followers',
    update: updateRow(
      groupKeys.followers(assignment.groupId, page),
      { set: { followers: left.map(formatActor) } },
      versionIs(assignment.version),
    ),
  };
}

/** A page of followers as the table holds it; the version of the assignment says whose it is. */
export function followersItem(
  { groupId, organizationId, projectId, version }: Assignment,
  page: number,
  followers: readonly Actor[],
): Item {
  return {
    ...groupKeys.followers(groupId, page),
    ...{ entity: 'followers', groupId, organizationId, projectId, version },
    followers: followers.map(formatActor),
  };
}

function pageOf(follower: Actor, pages: number): number {
  return shardOf(formatActor(follower), pages);
}

const pageFromItem = rowReader<{ groupId: GroupId; version: number; followers: Actor[] }>({
  groupId,
  version: number,
  followers: list(actor),
});

/** Until December 2026 each follower had a subscription with a reason of its own. */
async function followersBefore(table: Table, groupId: GroupId): Promise<Actor[]> {
  const items = await table.queryAll(
    byPrefix(groupKeys.partition(groupId), groupKeys.subscriptionPrefix),
  );
  return items
    .flatMap((item) => subscriptionFromItem(item) ?? [])
    .filter(({ reason, isActive }) => reason === 'assigned' && isActive)
    .map(({ subscriber }) => subscriber);
}
