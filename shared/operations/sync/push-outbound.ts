import type { ExternalIssue, ExternalStatus } from '../../domain/sync/external-issue.ts';
import { type IssueLink, watchedSince } from '../../domain/sync/issue-link.ts';
import { type OutboundDecision, refusalIn } from '../../domain/sync/outbound.ts';
import type { StatusDecision } from '../../domain/sync/status.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Tracker } from '../../trackers/tracker.ts';
import { type LinkFacts, type LinkRequest, syncRequested, versionOf } from './link-facts.ts';
import {
  recordFailure,
  refusedSlot,
  type SyncFailureDeps,
  type Tried,
  type WorkOutcome,
} from './record-failure.ts';

export type PushOutboundDeps = SyncFailureDeps & {
  readonly links: Pick<LinkStore, 'save'>;
  readonly newEventId: () => string;
};

type Work = {
  readonly facts: LinkFacts;
  readonly tracker: Tracker;
  readonly issue: ExternalIssue;
  readonly people: OutboundDecision;
  readonly status: StatusDecision;
  readonly tried: Tried;
  readonly request: Pick<LinkRequest, 'requestId'>;
};

/**
 * A link while it is pushed: as it is to be stored, the revision that the table holds, and the
 * issue as the tracker last showed it.
 */
type Progress = { readonly link: IssueLink; readonly held: number; readonly after: ExternalIssue };

/**
 * Writes to the tracker what was decided, and saves the link as it is afterwards. Before our slot
 * is written the link says so: whoever comes after a crash knows that something may be on its way.
 */
export async function pushOutbound(
  deps: PushOutboundDeps,
  work: Work,
): Promise<WorkOutcome | 'again'> {
  const { facts, issue } = work;
  const start = { link: followed(facts.link, issue), held: facts.link.revision, after: issue };
  const told = await tellAssignee(deps, work, start);
  if ('outcome' in told) {
    return told.outcome;
  }
  const finished = await tellStatus(deps, work, told);
  if ('outcome' in finished) {
    return finished.outcome;
  }
  return (await saveProgress(deps, work, finished)) === null ? 'again' : { kind: 'done' };
}

async function tellAssignee(
  deps: PushOutboundDeps,
  work: Work,
  progress: Progress,
): Promise<Progress | Stopped> {
  const { people } = work;
  if (people.kind === 'write') {
    return writePeople(deps, work, progress, people);
  }
  const link =
    people.kind === 'inSync'
      ? linkAfter(work, progress.link, people, null)
      : recovered(progress.link);
  return { ...progress, link };
}

async function tellStatus(
  deps: PushOutboundDeps,
  work: Work,
  progress: Progress,
): Promise<Progress | Stopped> {
  const { facts, people, status } = work;
  if (status.kind === 'inSync') {
    const syncedStatusVersion = Math.max(
      facts.link.syncedStatusVersion,
      facts.row.group.statusVersion,
    );
    return { ...progress, link: { ...progress.link, syncedStatusVersion } };
  }
  if (status.kind !== 'write') {
    return progress;
  }
  // A crash between the two writes must not forget the first.
  const saved = people.kind === 'write' ? await saveProgress(deps, work, progress) : progress;
  return saved === null ? { outcome: 'again' } : writeStatus(deps, work, saved, status.status);
}

type Stopped = { readonly outcome: WorkOutcome | 'again' };

async function writePeople(
  deps: PushOutboundDeps,
  work: Work,
  { link, held, after: before }: Progress,
  decision: Extract<OutboundDecision, { kind: 'write' }>,
): Promise<Progress | Stopped> {
  const { facts, tracker, tried } = work;
  const inflightLink: IssueLink = {
    ...link,
    inflight: { add: decision.change.add[0] ?? null },
    revision: held + 1,
    updatedAt: deps.clock(),
  };
  const isSaved = await deps.links.save({
    link: inflightLink,
    readRevision: held,
    whileVersion: facts.row.assignment?.version ?? null,
  });
  if (!isSaved) {
    return { outcome: 'again' };
  }
  tried.hasWritten = true;
  const reply = await tracker.setAssignees(before, decision.change);
  if (!reply.ok) {
    const outcome = await recordFailure(deps, { ...facts, link: inflightLink }, reply.failure, {
      tried,
      family: 'assignment',
    });
    return { outcome };
  }
  deps.count('sync.write', { provider: link.provider, family: 'assignment' });
  const after = reply.value;
  const refusal = refusalIn(decision.change, after, facts.traits);
  const next = {
    ...linkAfter(work, inflightLink, decision, refusal),
    lastWrittenVersion: after.externalVersion,
  };
  return { link: next, held: inflightLink.revision, after };
}

async function writeStatus(
  deps: PushOutboundDeps,
  { facts, tracker, tried }: Work,
  { link, held, after: before }: Progress,
  wanted: ExternalStatus,
): Promise<Progress | Stopped> {
  const reply = await tracker.setStatus(before, wanted);
  if (!reply.ok) {
    const current = { ...facts, link: { ...link, revision: held } };
    return {
      outcome: await recordFailure(deps, current, reply.failure, { tried, family: 'status' }),
    };
  }
  deps.count('sync.write', { provider: link.provider, family: 'status' });
  const after = reply.value;
  const isRefused = after.status !== wanted;
  return {
    link: {
      ...link,
      syncedStatusVersion: Math.max(link.syncedStatusVersion, facts.row.group.statusVersion),
      lastWrittenVersion: after.externalVersion,
      ...(isRefused
        ? { status: 'rejected', lastError: `The issue there does not become ${wanted}.` }
        : {}),
    },
    held,
    after,
  };
}

/** The link with its assignee told: the version, our slot, and how it went. */
function linkAfter(
  { facts }: Work,
  link: IssueLink,
  decision: Extract<OutboundDecision, { kind: 'inSync' | 'write' }>,
  refusal: string | null,
): IssueLink {
  const base = {
    ...link,
    syncedVersion: Math.max(link.syncedVersion, versionOf(facts)),
    ours: decision.ours,
    inflight: decision.inflight,
    attempts: 0,
    pausedUntilMs: null,
  };
  if (refusal !== null) {
    return { ...base, ...refusedSlot(facts), status: 'rejected', lastError: refusal };
  }
  const isHeld = link.heldVersion !== null && link.heldVersion >= versionOf(facts);
  const saysWhy = link.status === 'rejected' || link.status === 'unmapped';
  if (isHeld && saysWhy) {
    return base;
  }
  const isUnmapped = decision.linkStatus === 'unmapped';
  return {
    ...base,
    status: decision.linkStatus,
    lastError: isUnmapped ? 'No account of the tracker is known for the assignee.' : null,
  };
}

/**
 * Writes what has changed of the link; null where others wrote in between, and then it is looked at
 * again.
 */
async function saveProgress(
  deps: PushOutboundDeps,
  { facts, people, request }: Work,
  { link, held, after }: Progress,
): Promise<Progress | null> {
  const { assignees, externalVersion } = after;
  const status = after.status ?? link.lastExternal?.status ?? null;
  const now = deps.clock();
  const seen = { ...link, lastExternal: { assignees, status, externalVersion } };
  const asksForLastLook = 'inflight' in people && people.inflight !== null;
  const isUntouched = held === facts.link.revision;
  if (isUntouched && !asksForLastLook && isSame(seen, facts.link)) {
    return { link: seen, held, after };
  }
  const isOver = seen.status !== 'pending';
  const next = {
    ...seen,
    watchUntil: isOver ? watchedSince(Date.parse(now)) : seen.watchUntil,
    revision: held + 1,
    updatedAt: now,
  };
  const repair = { requestId: request.requestId, onDrift: 'repair' } as const;
  const saved = await deps.links.save({
    link: next,
    readRevision: held,
    events: asksForLastLook ? [syncRequested(deps, next, repair)] : [],
  });
  return saved ? { link: next, held: next.revision, after } : null;
}

/** The issue could be read again, and that is all that this direction asks for. */
function recovered(link: IssueLink): IssueLink {
  const wasOut = link.status === 'pending' || link.status === 'broken' || link.status === 'blocked';
  return wasOut
    ? { ...link, status: 'ok', lastError: null, attempts: 0, pausedUntilMs: null }
    : link;
}

/** Keeps up with an issue that has moved. */
function followed(link: IssueLink, { key, stableId }: ExternalIssue): IssueLink {
  return { ...link, externalKey: key, stableId };
}

/** Whether two readings of a link say the same, whatever the order of their attributes. */
function isSame(a: IssueLink, b: IssueLink): boolean {
  return sorted(a) === sorted(b);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
