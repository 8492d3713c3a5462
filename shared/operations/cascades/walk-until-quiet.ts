import type { GroupId } from '../../domain/ids.ts';
import type { CascadeTime } from '../deps.ts';

/** A list of groups, and what is done to a page of them: answers how many were the list's. */
export type ListedWork = {
  page(
    after: Record<string, unknown> | undefined,
    limit: number,
  ): Promise<{ groupIds: GroupId[]; next: Record<string, unknown> | undefined }>;
  change(groupIds: readonly GroupId[]): Promise<number>;
};

const PAGE_SIZE = 100;
/** So many walks in a row must find nothing before nothing is believed to be left. */
const QUIET_WALKS = 2;

/**
 * Walks lists of groups until two walks, a pause apart, find nothing to change: an index may lag
 * behind what was written just now. Answers whether the time sufficed.
 */
export async function walkUntilQuiet(
  time: CascadeTime,
  lists: readonly ListedWork[],
): Promise<boolean> {
  for (let quiet = 0; quiet < QUIET_WALKS; ) {
    let changed = 0;
    for (const list of lists) {
      const found = await walk(time, list);
      if (found === null) {
        return false;
      }
      changed += found;
    }
    quiet = changed === 0 ? quiet + 1 : 0;
    if (quiet < QUIET_WALKS) {
      await new Promise((resolve) => setTimeout(resolve, time.pauseMs));
    }
  }
  return true;
}

/** One walk; answers how many groups were the list's, null when the time ran out. */
async function walk({ hasTime }: CascadeTime, list: ListedWork): Promise<number | null> {
  let changed = 0;
  let after: Record<string, unknown> | undefined;
  do {
    const page = await list.page(after, PAGE_SIZE);
    changed += await list.change(page.groupIds);
    after = page.next;
    if (page.groupIds.length > 0 && !hasTime()) {
      return null;
    }
  } while (after !== undefined);
  return changed;
}
