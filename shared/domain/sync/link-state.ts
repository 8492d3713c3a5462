import type { ExternalPerson, ExternalStatus, ExternalVersion } from './external-issue.ts';

/**
 * How a link is doing, as its users see it. `pending` will be tried again by itself; `unmapped`
 * (nobody in the tracker stands for the assignee, or the reverse), `rejected` (the tracker refuses
 * the person or the write), `blocked` (the integration itself may not be called) and `broken` (the
 * issue is gone) wait for a person.
 */
export const linkStatuses = ['ok', 'pending', 'unmapped', 'rejected', 'blocked', 'broken'] as const;
export type LinkStatus = (typeof linkStatuses)[number];

/** What was last seen in the tracker. */
export type SeenExternal = {
  readonly assignees: readonly ExternalPerson[];
  /** Null until the tracker said what the state means. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
};

/** A write that was begun and whose end nobody has recorded: a worker crashed, or still stalls. */
export type InflightWrite = { readonly add: ExternalPerson | null };

/** What the rules read from a link between a group and an external issue. */
export type LinkState = {
  /** The assignment's version that the tracker is known to show; 0 before the first. */
  readonly syncedVersion: number;
  /** The same for the group's status; the two families are synced separately. */
  readonly syncedStatusVersion: number;
  /**
   * Accounts that we put there, or may have put there in a write whose end nobody saw. Only these
   * are ever removed: everybody else in the tracker is a co-assignee.
   */
  readonly ours: readonly ExternalPerson[];
  readonly inflight: InflightWrite | null;
  /** The newest external change that was taken in here. */
  readonly watermark: ExternalVersion | null;
  /**
   * What the tracker answered to our last write; as new as this, a read may show only ourselves.
   */
  readonly lastWrittenVersion: ExternalVersion | null;
  readonly lastExternal: SeenExternal | null;
  /**
   * The assignment's version during which somebody in the tracker chose a person whom nobody here
   * stands for. Nothing is written over that choice until the assignment changes here.
   */
  readonly heldVersion: number | null;
};
