import type { RecordedOutcome } from '../../domain/bulk/outcome.ts';
import type { GroupId } from '../../domain/ids.ts';

/** A page of an operation's issues, and what is done to them. */
export type WorkPage = {
  readonly groupIds: readonly GroupId[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
  /** The position of this page's last issue; null for a page without any. */
  readonly last: string | null;
  /**
   * Does to each of the issues for which `isLeft` what the operation does, and records in the same
   * transaction what became of it. Answers what was recorded.
   */
  apply(isLeft: (groupId: GroupId) => boolean): Promise<readonly RecordedOutcome[]>;
};

/** What an operation does, page by page. Nothing of it grows with the number of issues. */
export type Work = {
  /** The page at a position, null for the first; null where what it works on is gone. */
  page(position: string | null): Promise<WorkPage | null>;
};
