import type { Provider } from './external-issue.ts';
import type { LinkState, LinkStatus } from './link-state.ts';

/**
 * A link between a group and an external issue: the state that the rules read, its owners and its
 * status.
 */
export type IssueLink = LinkState & {
  readonly id: string;
  readonly groupId: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly integrationId: string;
  readonly provider: Provider;
  /** The external issue's key, as the tracker last returned it. */
  readonly externalKey: string;
  /**
   * The tracker's id of the issue, which stays the same when the issue moves; null until the first
   * read.
   */
  readonly stableId: string | null;
  readonly status: LinkStatus;
  /** A sentence for the users of the link; null without an error. */
  readonly lastError: string | null;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  /** A rate limit pauses this link until then (epoch milliseconds). */
  readonly pausedUntilMs: number | null;
  /** The sweeper checks the link until then. ISO 8601 in UTC. */
  readonly watchUntil: string;
  /** Rises with every write of the row; each write is conditional on the revision that was read. */
  readonly revision: number;
  readonly dateCreated: string;
  readonly updatedAt: string;
};

/** The fields of a new link. */
export type NewLink = Pick<
  IssueLink,
  'id' | 'groupId' | 'organizationId' | 'projectId' | 'integrationId' | 'provider' | 'externalKey'
> & {
  /**
   * The versions that count as synced from the start: a group without an assignee has nothing to
   * write.
   */
  readonly syncedVersion: number;
  readonly syncedStatusVersion: number;
};

/**
 * The sweeper checks a link for three days after its last change, to find changes whose webhook was
 * lost.
 */
export const WATCH_MS = 3 * 24 * 60 * 60 * 1_000;

/** The end of the sweeper's checks for a link that changed at `nowMs`. */
export function watchedSince(nowMs: number): string {
  return new Date(nowMs + WATCH_MS).toISOString();
}

/** For links with unsynced changes, which the sweeper checks until they are synced. */
export const WATCHED_FOR_EVER = '9999-12-31T00:00:00.000Z';

/** A new link, before its first sync. */
export function newLink(link: NewLink, now: string): IssueLink {
  return {
    ...link,
    ours: [],
    inflight: null,
    watermark: null,
    lastWrittenVersion: null,
    lastExternal: null,
    heldVersion: null,
    stableId: null,
    status: 'ok',
    lastError: null,
    attempts: 0,
    pausedUntilMs: null,
    watchUntil: watchedSince(Date.parse(now)),
    revision: 1,
    dateCreated: now,
    updatedAt: now,
  };
}

/**
 * The link after its group was merged into another. The state of the external issue stays. The
 * synced versions were those of the other group, so everything has to be synced again.
 */
export function movedLink(
  link: IssueLink,
  to: { readonly id: string; readonly projectId: string; readonly linkId: string },
  now: string,
): IssueLink {
  return {
    ...link,
    id: to.linkId,
    groupId: to.id,
    projectId: to.projectId,
    syncedVersion: 0,
    syncedStatusVersion: 0,
    heldVersion: null,
    status: 'pending',
    lastError: null,
    attempts: 0,
    watchUntil: WATCHED_FOR_EVER,
    revision: 1,
    updatedAt: now,
  };
}
