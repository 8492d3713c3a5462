import type { ExternalPerson, ExternalStatus, ExternalVersion } from './external-issue.ts';

/**
 * The status of a link, for its users. `pending` is retried automatically. The others wait for a
 * person: `unmapped` (the assignee has no account in the tracker, or the tracker's assignee no user
 * here), `rejected` (the tracker refuses the person or the write), `blocked` (the integration must
 * not be called) and `broken` (the issue does not exist any more).
 */
export const linkStatuses = ['ok', 'pending', 'unmapped', 'rejected', 'blocked', 'broken'] as const;
export type LinkStatus = (typeof linkStatuses)[number];

/** The state last seen in the tracker. */
export type SeenExternal = {
  readonly assignees: readonly ExternalPerson[];
  /** Null until the tracker said whether the issue is open or closed. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
};

/**
 * A write that was started and whose end is not recorded: its worker crashed, or is still stalled.
 */
export type InflightWrite = { readonly add: ExternalPerson | null };

/** The fields of a link that the rules read. */
export type LinkState = {
  /** The version of the assignment that the tracker is known to show; 0 before the first sync. */
  readonly syncedVersion: number;
  /** The same for the group's status, which is synced separately. */
  readonly syncedStatusVersion: number;
  /**
   * Accounts that we assigned, or may have assigned in a write whose end is unknown. Only these are
   * ever removed; all others are co-assignees.
   */
  readonly ours: readonly ExternalPerson[];
  readonly inflight: InflightWrite | null;
  /** The newest external change that was processed. */
  readonly watermark: ExternalVersion | null;
  /**
   * The version in the tracker's answer to our last write. A read with the same version may only
   * show this write.
   */
  readonly lastWrittenVersion: ExternalVersion | null;
  readonly lastExternal: SeenExternal | null;
  /**
   * The version of the assignment during which a person in the tracker chose somebody without a
   * user here. That choice is not overwritten until the assignment here changes.
   */
  readonly heldVersion: number | null;
};
