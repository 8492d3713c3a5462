import type { ProjectId } from '../../domain/ids.ts';
import { storedGroupStatuses } from '../../domain/issues/group.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { GroupRemovalStore, GroupToDelete } from '../../stores/issues/group-removal.ts';
import type { RemovalPage, RemovalPageStore } from '../../stores/projects/removal-pages.ts';
import type { CascadeTime } from '../deps.ts';
import { type ForgetOwnersDeps, forgetOwners } from '../issues/forget-owners.ts';

export type CascadeGroupsDeps = ForgetOwnersDeps & {
  readonly groupRemoval: Pick<GroupRemovalStore, 'empty'>;
  readonly removalPages: RemovalPageStore;
  readonly newEventId: () => string;
};

/** So many walks in a row must find nothing before nothing is believed to be left. */
const QUIET_WALKS = 2;
/** Pages of groups that are removed at the same time. */
const PAGES_IN_FLIGHT = 4;

/**
 * Removes all groups of a project that takes no new ones, page by page. The lists are walked again
 * until two walks, a pause apart, find nothing: a group whose birth was committed a moment before
 * the deletion, or that changed its list during a walk, shows in a later one. Each walk ends with
 * the pages that workers have begun and left. Answers whether it came to that end before the time
 * did.
 */
export async function cascadeGroups(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  time: CascadeTime,
): Promise<boolean> {
  for (let quiet = 0; quiet < QUIET_WALKS; ) {
    const listed = await removeListed(deps, projectId, time);
    const left = listed.isComplete ? await removeLeft(deps, projectId, time) : listed;
    if (!left.isComplete) {
      return false;
    }
    quiet = listed.found + left.found === 0 ? quiet + 1 : 0;
    if (quiet < QUIET_WALKS) {
      await new Promise((resolve) => setTimeout(resolve, time.pauseMs));
    }
  }
  return true;
}

type Walk = { readonly found: number; readonly isComplete: boolean };

/** One walk over all lists. Groups that are gone and still listed count as found. */
async function removeListed(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  { hasTime }: CascadeTime,
): Promise<Walk> {
  const pages = listedPages(deps, projectId);
  let found = 0;
  let isComplete = true;
  // Each asks the same walk for its next page.
  async function worker(): Promise<void> {
    for await (const groups of pages) {
      found += groups.length;
      const isRemoved = await removePage(deps, projectId, groups, hasTime);
      isComplete &&= isRemoved && hasTime();
      if (!isComplete) {
        return;
      }
    }
  }
  await Promise.all(Array.from({ length: PAGES_IN_FLIGHT }, worker));
  return { found, isComplete };
}

/** Pages of all lists: the first ones are read together, the next of each when it is asked for. */
async function* listedPages(
  { removalPages }: CascadeGroupsDeps,
  projectId: ProjectId,
): AsyncGenerator<readonly GroupToDelete[]> {
  const lists = storedGroupStatuses.map((status) => ({ projectId, status }));
  const firsts = await Promise.all(
    lists.map(async (list) => ({ list, page: await removalPages.listed(list) })),
  );
  for (const { list, page: first } of firsts) {
    for (let page = first; ; ) {
      if (page.groups.length > 0) {
        yield page.groups;
      }
      if (page.next === undefined) {
        break;
      }
      page = await removalPages.listed({ ...list, after: page.next });
    }
  }
}

/** Removes those groups of a page that nobody else does. Answers whether the time sufficed. */
export async function removePage(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  groups: readonly GroupToDelete[],
  hasTime: () => boolean,
): Promise<boolean> {
  const claimed = await deps.removalPages.claim(projectId, groups, deps.newEventId);
  const removed = await mapConcurrently(claimed.length, claimed, (page) =>
    removeClaimed(deps, projectId, page, hasTime),
  );
  return removed.every(Boolean);
}

/** Ends the removal of pages whose workers have not, or not yet. */
async function removeLeft(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  { hasTime }: CascadeTime,
): Promise<Walk> {
  const pages = await deps.removalPages.claimed(projectId);
  const removed = await mapConcurrently(PAGES_IN_FLIGHT, pages, (page) =>
    removeClaimed(deps, projectId, page, hasTime),
  );
  return { found: pages.length, isComplete: removed.every(Boolean) };
}

/**
 * Removes claimed groups with all that lies with them, their own rows first, so that nobody writes
 * to them any more. Answers whether the time sufficed.
 */
async function removeClaimed(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  page: RemovalPage,
  hasTime: () => boolean,
): Promise<boolean> {
  await deps.removalPages.removeGroups(page);
  const { removed, isComplete } = await deps.groupRemoval.empty(page.groupIds, hasTime);
  if (!isComplete) {
    return false;
  }
  await Promise.all([
    deps.removalPages.finish(projectId, page, removed),
    forgetOwners(deps, page.groupIds),
  ]);
  return true;
}
