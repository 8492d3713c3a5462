import { ANY_COUNT, type CountRange, countRangeOf } from './count-range.ts';
import type { Group } from './group.ts';

/**
 * What the lists of issues hold of each: what tells which issues a search may be about, and in
 * which order they come. The rest is in the issue's own row, which costs a read of its own.
 */
export type IndexedGroup = Pick<
  Group,
  | 'id'
  | 'organizationId'
  | 'projectId'
  | 'shortId'
  | 'title'
  | 'culprit'
  | 'level'
  | 'type'
  | 'status'
  | 'substatus'
  | 'priority'
  | 'inInbox'
  | 'firstSeen'
  | 'lastSeen'
  | 'environments'
  | 'newestRelease'
> & {
  /** Counts change with each event: lists know them within a range. */
  readonly timesSeen: CountRange;
  readonly userCount: CountRange;
};

/** What lists note of a group's counts: where the range of each begins. */
export type ListedCounts = { readonly listedTimesSeen: number; readonly listedUserCount: number };

/** What lists have to note of a group's counts. */
export function listedCountsOf({
  timesSeen,
  userCount,
}: Pick<Group, 'timesSeen' | 'userCount'>): ListedCounts {
  return {
    listedTimesSeen: countRangeOf(timesSeen).min,
    listedUserCount: countRangeOf(userCount).min,
  };
}

/** The range of a count that lists have noted; null where they have not. */
export function notedRangeOf(listed: number | null): CountRange {
  return listed === null ? ANY_COUNT : countRangeOf(listed);
}
