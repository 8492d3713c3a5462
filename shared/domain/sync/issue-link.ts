import type { GroupId, IntegrationId, LinkId, OrganizationId, ProjectId } from '../ids.ts';
import type { Provider } from './external-issue.ts';
import type { LinkState, LinkStatus } from './link-state.ts';

/**
 * A link between a group and an external issue: what the rules read, whose it is, and how it is
 * doing.
 */
export type IssueLink = LinkState & {
  readonly id: LinkId;
  readonly groupId: GroupId;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly integrationId: IntegrationId;
  readonly provider: Provider;
  /** The external issue's key as the tracker last called it. */
  readonly externalKey: string;
  /** The tracker's own id of the issue, which survives a move; null until it was read once. */
  readonly stableId: string | null;
  readonly status: LinkStatus;
  /** A sentence for the link's users; null when all is well. */
  readonly lastError: string | null;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  /** The tracker asked for quiet about this one issue until then (epoch milliseconds). */
  readonly pausedUntilMs: number | null;
  /** Until when the sweeper looks after this link, ISO 8601 in UTC. */
  readonly watchUntil: string;
  /** Rises with every write of the row: whoever writes names the one that was read. */
  readonly revision: number;
  readonly dateCreated: string;
  readonly updatedAt: string;
};

/** What a new link starts from. */
export type NewLink = Pick<
  IssueLink,
  'id' | 'groupId' | 'organizationId' | 'projectId' | 'integrationId' | 'provider' | 'externalKey'
> & {
  /**
   * What counts as synced from the start: of a group that nobody holds there is nothing to tell.
   */
  readonly syncedVersion: number;
  readonly syncedStatusVersion: number;
};

/** So long after its last sign of life a link is watched, in case a webhook was lost. */
export const WATCH_MS = 3 * 24 * 60 * 60 * 1_000;

/** When nobody looks after a link any more that was alive at `nowMs`. */
export function watchedSince(nowMs: number): string {
  return new Date(nowMs + WATCH_MS).toISOString();
}

/** What must not be forgotten is looked after until it is synced. */
export const WATCHED_FOR_EVER = '9999-12-31T00:00:00.000Z';

/** A link that nobody has looked at yet. */
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
 * A link whose group was merged into another. What is known of the external issue stays; what was
 * synced there counted the versions of another group, so all is still to be told.
 */
export function movedLink(
  link: IssueLink,
  to: { readonly id: string; readonly projectId: ProjectId; readonly linkId: LinkId },
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
