import { type BackoffSchedule, backoffMs } from '../../domain/sync/backoff.ts';
import {
  decideFailure,
  type FailureVerdict,
  type TrackerFailure,
} from '../../domain/sync/failure.ts';
import { type IssueLink, WATCHED_FOR_EVER } from '../../domain/sync/issue-link.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock, Count, Log } from '../deps.ts';
import { type LinkFacts, versionOf } from './link-facts.ts';

export type SyncFailureDeps = {
  readonly links: Pick<LinkStore, 'save'>;
  readonly integrations: Pick<IntegrationStore, 'pause' | 'markRefused'>;
  readonly trackers: Pick<TrackerSource, 'renew'>;
  readonly backoff: BackoffSchedule;
  /** In [0, 1). */
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Log;
  readonly count: Count;
};

/**
 * What becomes of a message: it is done, comes again after a while, or goes to the dead letters,
 * where somebody is told.
 */
export type WorkOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly delayMs: number }
  | { readonly kind: 'dead'; readonly reason: string };

/** What one piece of work has been through already. */
export type Tried = {
  refreshed: boolean;
  rereads: number;
  /** Whether this very work has written to the tracker: what it finds there may be its own. */
  hasWritten: boolean;
};

/**
 * Which family a refusal is about: its version counts as told, since telling it again would change
 * nothing.
 */
export type SyncFamily = 'assignment' | 'status';

/** Somebody else is renewing the credentials. */
const RENEWAL_WAIT_MS = 2_000;

/**
 * Does what a failure asks for, and says whether to start over now or what becomes of the
 * message.
 */
export async function recordFailure(
  deps: SyncFailureDeps,
  facts: LinkFacts,
  failure: TrackerFailure,
  { tried, family }: { readonly tried: Tried; readonly family: SyncFamily },
): Promise<WorkOutcome | 'again'> {
  const { link, integration } = facts;
  const verdict = decideFailure(failure, {
    attempts: link.attempts,
    maxAttempts: deps.backoff.attempts,
    refreshed: tried.refreshed,
    rereads: tried.rereads,
    backoffMs: (attempt) => backoffMs(deps.backoff, attempt, deps.random()),
  });
  deps.count('sync.failure', { provider: link.provider, kind: failure.kind });
  const about = { linkId: link.id, groupId: link.groupId, integrationId: integration.id };
  deps.log.warn('A tracker did not do what it was asked to.', {
    ...about,
    failure: failure.kind,
    verdict: verdict.kind,
    reason: failure.reason,
  });
  switch (verdict.kind) {
    case 'again':
      tried.rereads += 1;
      return 'again';
    case 'refresh':
      return renew(deps, facts, failure.reason, tried);
    case 'reauthorize':
      return reauthorize(deps, facts, failure.reason);
    case 'pause':
      return pause(deps, facts, verdict, failure.reason);
    case 'retry':
      await save(deps, waiting(link, failure.reason, verdict.attempts));
      return { kind: 'later', delayMs: verdict.delayMs };
    case 'exhausted':
      await save(deps, waiting(link, failure.reason, 0));
      return { kind: 'dead', reason: failure.reason };
    case 'stop':
      await save(
        deps,
        stopped(facts, verdict.linkStatus, { reason: failure.reason, family }, deps.clock()),
      );
      return { kind: 'done' };
  }
}

async function renew(
  deps: SyncFailureDeps,
  facts: LinkFacts,
  reason: string,
  tried: Tried,
): Promise<WorkOutcome | 'again'> {
  const renewal = await deps.trackers.renew(facts.integration);
  if (renewal === 'busy') {
    return { kind: 'later', delayMs: RENEWAL_WAIT_MS };
  }
  if (renewal === 'refused') {
    return reauthorize(deps, facts, reason);
  }
  tried.refreshed = true;
  return 'again';
}

/**
 * The links of the integration wait for its owner; the sweeper asks the tracker now and then
 * whether it is over.
 */
async function reauthorize(
  deps: SyncFailureDeps,
  { integration, link }: LinkFacts,
  reason: string,
): Promise<WorkOutcome> {
  await deps.integrations.markRefused(integration.id, Date.parse(deps.clock()));
  await save(deps, waiting(link, reason, link.attempts));
  return { kind: 'done' };
}

async function pause(
  deps: SyncFailureDeps,
  { integration, link }: LinkFacts,
  { untilMs, scope }: Extract<FailureVerdict, { kind: 'pause' }>,
  reason: string,
): Promise<WorkOutcome> {
  if (scope === 'integration') {
    await deps.integrations.pause(integration.id, untilMs);
  }
  const pausedUntilMs = scope === 'link' ? untilMs : link.pausedUntilMs;
  await save(deps, { ...waiting(link, reason, link.attempts), pausedUntilMs });
  return { kind: 'later', delayMs: Math.max(untilMs - Date.parse(deps.clock()), 0) };
}

/** The link as pending: the sweeper looks at it until it is in sync. */
export function waiting(link: IssueLink, reason: string, attempts: number): IssueLink {
  return { ...link, status: 'pending', lastError: reason, attempts, watchUntil: WATCHED_FOR_EVER };
}

/** Trying again changes nothing: the link says so until somebody here changes something. */
function stopped(
  facts: LinkFacts,
  status: 'rejected' | 'broken' | 'blocked',
  { reason, family }: { readonly reason: string; readonly family: SyncFamily },
  now: string,
): IssueLink {
  const { link, row } = facts;
  const ended = { ...link, status, lastError: reason, attempts: 0 };
  // Looking does not bring back what is gone, or forbidden; what was refused may still change
  // there.
  if (status !== 'rejected') {
    return { ...ended, watchUntil: now };
  }
  if (family === 'status') {
    return { ...ended, syncedStatusVersion: row.group.statusVersion };
  }
  return { ...ended, ...refusedSlot(facts) };
}

/**
 * What was refused is not there and stays the assignment here: what the tracker shows instead is no
 * news.
 */
export function refusedSlot(
  facts: LinkFacts,
): Pick<IssueLink, 'syncedVersion' | 'heldVersion' | 'inflight'> {
  const version = versionOf(facts);
  return {
    syncedVersion: Math.max(facts.link.syncedVersion, version),
    heldVersion: version,
    inflight: null,
  };
}

/** Where others wrote in between, they know better how the link is doing. */
async function save(
  deps: Pick<SyncFailureDeps, 'links' | 'clock'>,
  link: IssueLink,
): Promise<void> {
  await deps.links.save({
    link: { ...link, revision: link.revision + 1, updatedAt: deps.clock() },
    readRevision: link.revision,
  });
}
