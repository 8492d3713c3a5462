import type { ProjectId } from '../../domain/ids.ts';
import type { GroupStatus } from '../../domain/issues/group.ts';
import type { GroupStore, ListedGroup } from '../../stores/issues/groups.ts';
import { mapConcurrently } from '../map-concurrently.ts';

/** Where a walk starts, and which way it goes. */
export type WalkStart = {
  /** The position beside which it starts; absent for the beginning of the list. */
  readonly from?: string;
  /** From there to what was seen later, nearest first. */
  readonly backwards?: boolean;
};

type Source = {
  readonly projectId: ProjectId;
  readonly status: GroupStatus;
  readonly rows: ListedGroup[];
  next: number;
  last: string | undefined;
  isDrained: boolean;
};

/** Index pages that are asked for at the same time. */
const WIDTH = 32;
const SMALLEST_PAGE = 10;
const LARGEST_PAGE = 200;

/**
 * Walks the groups of several projects and states as one list, last seen first, in batches as they
 * come. `wanted` is how many rows the walker hopes to see: the pages of the single lists are sized
 * by it. One round trip for the first page of every list, and one whenever some of them run dry.
 */
export async function* walkIssues(
  deps: { readonly groups: Pick<GroupStore, 'pageOfProject'> },
  lists: {
    readonly projectIds: readonly ProjectId[];
    readonly statuses: readonly GroupStatus[];
    readonly wanted: number;
    /** Where the list ends: what was last seen before it does not belong to it. */
    readonly since?: string;
  } & WalkStart,
): AsyncGenerator<ListedGroup[]> {
  const sources: Source[] = lists.projectIds.flatMap((projectId) =>
    lists.statuses.map((status) => ({
      projectId,
      status,
      rows: [],
      next: 0,
      last: lists.from,
      isDrained: false,
    })),
  );
  const limit = pageSize(lists.wanted, sources.length);

  async function refill(source: Source): Promise<void> {
    const page = await deps.groups.pageOfProject({
      projectId: source.projectId,
      status: source.status,
      limit,
      ...(source.last === undefined ? {} : { from: source.last }),
      ...(lists.backwards === undefined ? {} : { backwards: lists.backwards }),
      ...(lists.since === undefined ? {} : { since: lists.since }),
    });
    source.rows.splice(0, source.rows.length, ...page.rows);
    source.next = 0;
    source.last = source.rows.at(-1)?.position ?? source.last;
    source.isDrained = !page.more;
  }

  let open = sources;
  for (;;) {
    await mapConcurrently(WIDTH, open.filter(isDry), refill);
    open = open.filter((source) => source.next < source.rows.length || !source.isDrained);
    if (open.length === 0) {
      return;
    }
    const batch = merge(open, lists.backwards ?? false);
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

/**
 * Many lists give few rows each, so that a walk over a thousand projects does not read a thousand
 * full pages.
 */
function pageSize(wanted: number, lists: number): number {
  const share = lists <= 1 ? wanted : Math.ceil((wanted * 2) / lists);
  return Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, share));
}
