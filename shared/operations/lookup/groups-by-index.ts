import { type Actor, actorFromText } from '../../domain/actor.ts';
import { isId } from '../../domain/digits.ts';
import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import {
  holdersOf,
  type IssueFilter,
  onlyBookmarkersOf,
  onlyValuesOf,
} from '../../domain/issues/issue-filter.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';

export type GroupsByIndexDeps = {
  readonly groups: Pick<GroupStore, 'idOfShortId'>;
  readonly userFlags: Pick<UserFlagStore, 'groupsBookmarkedBy'>;
  readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
};

/** More issues than these are not looked up one by one. */
const MOST_NAMED = 100;
/** More actors than these are not asked one by one what they hold or have bookmarked. */
const MOST_ACTORS = 5;
/** Who holds or has bookmarked more is found by the lists. */
const MOST_OF_ACTOR = 1_000;

/**
 * All groups that a search can find, where it is limited to some that an index or their keys tell:
 * those of its ids and short ids, those that people have bookmarked, those that actors hold. Null
 * where it is limited to none of these, or to too many: then the lists are walked. One round trip.
 */
export async function groupsByIndex(
  deps: GroupsByIndexDeps,
  search: {
    readonly organizationId: OrganizationId;
    readonly filter: IssueFilter;
    /** Whether all bookmarks of the organization are in the index. */
    readonly isIndexed: boolean;
  },
): Promise<GroupId[] | null> {
  const { organizationId, filter, isIndexed } = search;
  const named = onlyValuesOf(filter, 'issue');
  if (named !== null && named.length <= MOST_NAMED) {
    return groupsCalled(deps, organizationId, named);
  }
  const bookmarkers = isIndexed ? onlyBookmarkersOf(filter) : null;
  const bookmarked = await groupsOfAll(bookmarkers, ({ type, id }) =>
    type === 'team' ? [] : bookmarkedBy(deps, organizationId, id),
  );
  return (
    bookmarked ?? groupsOfAll(holdersOf(filter), (actor) => heldBy(deps, organizationId, actor))
  );
}

/** The groups of some actors together; null where there are too many of either. */
async function groupsOfAll(
  actors: ReadonlySet<string> | null,
  groupsOf: (actor: Actor) => Promise<GroupId[] | null> | GroupId[],
): Promise<GroupId[] | null> {
  if (actors === null || actors.size > MOST_ACTORS) {
    return null;
  }
  const found = await Promise.all(
    [...actors].map((text) => {
      const actor = actorFromText(text);
      return actor === undefined ? [] : groupsOf(actor);
    }),
  );
  return found.includes(null) ? null : [...new Set(found.flatMap((ids) => ids ?? []))];
}

async function heldBy(
  deps: GroupsByIndexDeps,
  organizationId: OrganizationId,
  actor: Actor,
): Promise<GroupId[] | null> {
  const { groupIds, next } = await deps.assignments.groupsAssignedTo({
    organizationId,
    actor,
    limit: MOST_OF_ACTOR,
  });
  return next === undefined ? groupIds : null;
}

async function bookmarkedBy(
  deps: GroupsByIndexDeps,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<GroupId[] | null> {
  const { groupIds, more } = await deps.userFlags.groupsBookmarkedBy({
    organizationId,
    userId,
    limit: MOST_OF_ACTOR,
  });
  return more ? null : groupIds;
}

/** The groups of ids and short ids; whether there are such groups shows when they are read. */
async function groupsCalled(
  deps: GroupsByIndexDeps,
  organizationId: OrganizationId,
  names: readonly string[],
): Promise<GroupId[]> {
  const found = await Promise.all(
    [...new Set(names)].map((name) =>
      isId(name) ? name : deps.groups.idOfShortId(organizationId, name),
    ),
  );
  return [...new Set(found.flatMap((id) => id ?? []))];
}
