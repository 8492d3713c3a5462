import { mapConcurrently } from '../../map-concurrently.ts';
import type { IssueList, IssueListStore, ListedGroup } from '../../stores/issues/issue-lists.ts';

export type WalkIssuesDeps = { readonly issueLists: Pick<IssueListStore, 'page'> };

/** Where a walk starts, and which way it goes. */
export type WalkStart = {
  /** The position after which it starts; absent for the beginning of the list. */
  readonly from?: string;
  /** From there to what was seen later, nearest first. */
  readonly backwards?: boolean;
};

type Source = {
  readonly list: IssueList;
  readonly rows: ListedGroup[];
  next: number;
  last: string | undefined;
  /** Rows of its next page: each is twice the one before. */
  limit: number;
  isDrained: boolean;
};

/** Index pages that are asked for at the same time. */
const WIDTH = 32;
const SMALLEST_PAGE = 10;
const LARGEST_PAGE = 1_000;

/**
 * Walks the groups of several lists as one, last seen first, in batches as they come. `wanted` is
 * how many rows the walker hopes to see: the pages of the single lists are sized by it, and grow
 * while the walk goes on. One round trip for the first page of every list, and one whenever some of
 * them run dry, for all that are nearly dry.
 */
export async function* walkIssues(
  deps: WalkIssuesDeps,
  walk: {
    readonly lists: readonly IssueList[];
    readonly wanted: number;
    /** Where the list ends: what was last seen before it does not belong to it. */
    readonly since?: string;
  } & WalkStart,
): AsyncGenerator<ListedGroup[]> {
  const limit = pageSize(walk.wanted, walk.lists.length);
  let open: Source[] = walk.lists.map((list) => ({
    list,
    rows: [],
    next: 0,
    last: walk.from,
    limit,
    isDrained: false,
  }));

  async function refill(source: Source): Promise<void> {
    const page = await deps.issueLists.page(source.list, {
      limit: source.limit,
      ...(source.last === undefined ? {} : { from: source.last }),
      ...(walk.backwards === undefined ? {} : { backwards: walk.backwards }),
      ...(walk.since === undefined ? {} : { since: walk.since }),
    });
    source.rows.splice(0, source.next);
    source.rows.push(...page.rows);
    source.next = 0;
    source.last = source.rows.at(-1)?.position ?? source.last;
    source.limit = Math.min(LARGEST_PAGE, source.limit * 2);
    source.isDrained = !page.more;
  }

  for (;;) {
    await mapConcurrently(WIDTH, open.filter(isNearlyDry), refill);
    open = open.filter((source) => source.next < source.rows.length || !source.isDrained);
    if (open.length === 0) {
      return;
    }
    const batch = merge(open, walk.backwards ?? false);
    if (batch.length > 0) {
      yield batch;
    }
  }
}

/** Takes the nearest row of all lists until one of them has to be read on. */
function merge(sources: readonly Source[], backwards: boolean): ListedGroup[] {
  const batch: ListedGroup[] = [];
  while (!sources.some(isDry)) {
    let nearest: Source | undefined;
    for (const source of sources) {
      if (isNearer(source.rows[source.next], nearest?.rows[nearest.next], backwards)) {
        nearest = source;
      }
    }
    const row = nearest?.rows[nearest.next];
    if (nearest === undefined || row === undefined) {
      break;
    }
    batch.push(row);
    nearest.next += 1;
  }
  return batch;
}

function isNearer(
  row: ListedGroup | undefined,
  other: ListedGroup | undefined,
  backwards: boolean,
): boolean {
  if (row === undefined || other === undefined) {
    return row !== undefined;
  }
  return backwards ? row.position < other.position : row.position > other.position;
}

function isDry(source: Source): boolean {
  return source.next >= source.rows.length && !source.isDrained;
}

/** Whether less than half a page is left: it is read on with those that are dry. */
function isNearlyDry(source: Source): boolean {
  return !source.isDrained && source.rows.length - source.next < source.limit / 4;
}

/**
 * Of many lists each gives its share of what is wanted, and as much more as an uneven spread may
 * ask of it.
 */
function pageSize(wanted: number, lists: number): number {
  const share = wanted / Math.max(1, lists);
  const size = lists <= 1 ? wanted : Math.ceil(share + 3 * Math.sqrt(share));
  return Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, size));
}
