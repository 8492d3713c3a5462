import type { BackoffSchedule } from '../../domain/sync/backoff.ts';
import type { ExternalIssue, ExternalPerson } from '../../domain/sync/external-issue.ts';
import { MAX_REREADS, type TrackerReply } from '../../domain/sync/failure.ts';
import { needsReauthorization } from '../../domain/sync/integration.ts';
import {
  decideOutbound,
  directionAtLinkTime,
  type OnDrift,
  type OutboundDecision,
  slotGoal,
} from '../../domain/sync/outbound.ts';
import {
  decideOutboundGate,
  type OutboundGate,
  type OutboundGateFacts,
} from '../../domain/sync/outbound-gate.ts';
import { decideStatus, type StatusDecision } from '../../domain/sync/status.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { Tracker } from '../../trackers/tracker.ts';
import { type ApplyInboundDeps, applyInbound, type InboundResult } from './apply-inbound.ts';
import { accountOf } from './external-people.ts';
import {
  cameFromHere,
  type LinkFacts,
  type LinkRequest,
  type ReadLinkDeps,
  readLinkFacts,
  versionOf,
} from './link-facts.ts';
import { type PushOutboundDeps, pushOutbound } from './push-outbound.ts';
import { recordFailure, type Tried, type WorkOutcome, waiting } from './record-failure.ts';

export type SyncOutboundDeps = ReadLinkDeps &
  ApplyInboundDeps &
  PushOutboundDeps & {
    readonly trackers: Pick<TrackerSource, 'of' | 'renew'>;
    readonly integrations: Pick<IntegrationStore, 'rememberActor'>;
  };

type OutboundRequest = LinkRequest & {
  /** How often this message was received before. */
  readonly receives: number;
  readonly hasTime: () => boolean;
};

/**
 * Beside the rereads that a failure may ask for, one renewal of the credentials and two conflicts.
 */
const ATTEMPTS = MAX_REREADS + 3;

const done: WorkOutcome = { kind: 'done' };

/**
 * Brings one link up to date: reads the assignment and the external issue as they are, compares,
 * and makes up the difference. Nothing of the message is believed but which link to look at, so
 * that late, doubled and lost messages come to the same.
 */
export async function syncOutbound(
  deps: SyncOutboundDeps,
  request: OutboundRequest,
): Promise<WorkOutcome> {
  const tried: Tried = { refreshed: false, rereads: 0, hasWritten: false };
  return redecide(
    async (attempt) => {
      const outcome = await syncOnce(deps, request, tried, attempt === 1);
      return outcome === 'again' ? AGAIN : outcome;
    },
    { attempts: ATTEMPTS, exhausted: () => afterBackoff(deps) },
  );
}

/** Comes again after the first step of the backoff. */
function afterBackoff({ backoff }: SyncOutboundDeps): WorkOutcome {
  return { kind: 'later', delayMs: backoff.firstMs };
}

/** One attempt: reads the link, and asks the tracker where there is a reason to and it may be. */
async function syncOnce(
  deps: SyncOutboundDeps,
  request: OutboundRequest,
  tried: Tried,
  isFirstAttempt: boolean,
): Promise<WorkOutcome | 'again'> {
  if (!request.hasTime()) {
    return afterBackoff(deps);
  }
  const facts = await readLinkFacts(deps, request);
  if (facts === null) {
    return done;
  }
  const nowMs = Date.parse(deps.clock());
  const firstReceive = request.receives === 0 && isFirstAttempt;
  const gate = gateOf(facts, { verify: request.verify, firstReceive, nowMs }, deps.backoff);
  switch (gate.kind) {
    case 'done':
      return done;
    case 'wait':
      return { kind: 'later', delayMs: gate.untilMs - nowMs };
    case 'park':
      return park(deps, facts);
    case 'proceed':
      return bringUpToDate(deps, facts, request, tried);
  }
}

/**
 * Either family may have a reason to go to the tracker; a pause and refused credentials hold for
 * both.
 */
function gateOf(
  facts: LinkFacts,
  asked: Pick<OutboundGateFacts, 'verify' | 'firstReceive' | 'nowMs'>,
  backoff: BackoffSchedule,
): OutboundGate {
  const { link, row, integration, config } = facts;
  const common = {
    ...asked,
    needsReauth: needsReauthorization(integration, asked.nowMs, backoff),
    pausedUntilMs: Math.max(integration.pausedUntilMs ?? 0, link.pausedUntilMs ?? 0),
  };
  const people = decideOutboundGate({
    ...common,
    forward: config.forwardAssignment,
    reverse: config.reverseAssignment,
    version: versionOf(facts),
    syncedVersion: link.syncedVersion,
    inflight: link.inflight !== null,
  });
  if (people.kind !== 'done') {
    return people;
  }
  return decideOutboundGate({
    ...common,
    forward: config.forwardStatus,
    reverse: config.reverseStatus,
    version: row.group.statusVersion,
    syncedVersion: link.syncedStatusVersion,
    inflight: false,
  });
}

/** Nobody can be told before the credentials are renewed. */
async function park(deps: SyncOutboundDeps, { link }: LinkFacts): Promise<WorkOutcome> {
  if (link.status !== 'pending') {
    await deps.links.save({
      link: {
        ...waiting(link, 'The tracker refuses the credentials of this integration.', link.attempts),
        revision: link.revision + 1,
        updatedAt: deps.clock(),
      },
      readRevision: link.revision,
    });
  }
  return done;
}

async function bringUpToDate(
  deps: SyncOutboundDeps,
  facts: LinkFacts,
  request: LinkRequest,
  tried: Tried,
): Promise<WorkOutcome | 'again'> {
  const asked = await askTracker(deps, facts);
  if (!asked.ok) {
    return recordFailure(deps, facts, asked.failure, { tried, family: 'assignment' });
  }
  const { tracker, issue, account } = asked.value;
  const onDrift = tried.hasWritten ? 'repair' : request.onDrift;
  const nowMs = Date.parse(deps.clock());
  const people = decidePeople(facts, issue, account, { onDrift, nowMs });
  if (people.kind === 'reread') {
    return 'again';
  }
  if (people.kind === 'wait') {
    return { kind: 'later', delayMs: people.delayMs };
  }
  const status = decideStatusOf(facts, issue, onDrift);
  const adopted = await adopt(deps, facts, { issue, people, status }, request.requestId);
  if (adopted === 'again') {
    return 'again';
  }
  if (adopted === 'applied') {
    return done;
  }
  return pushOutbound(deps, { facts, tracker, issue, people, status, tried, request });
}

/** What the tracker shows now of the linked issue, and the account there of its assignee here. */
async function askTracker(
  deps: SyncOutboundDeps,
  facts: LinkFacts,
): Promise<
  TrackerReply<{
    readonly tracker: Tracker;
    readonly issue: ExternalIssue;
    readonly account: ExternalPerson | null;
  }>
> {
  const signedIn = await deps.trackers.of(facts.integration);
  if (!signedIn.ok) {
    return signedIn;
  }
  const tracker = signedIn.value;
  const read = await tracker.getIssue(facts.link.externalKey);
  if (!read.ok) {
    return read;
  }
  await learnActor(deps, facts, tracker);
  const account = await accountOf(deps, facts, tracker);
  if (!account.ok) {
    return account;
  }
  return { ok: true, value: { tracker, issue: read.value, account: account.value } };
}

/**
 * Takes over from the tracker what was decided to be true there; `ignored` where that is nothing.
 */
async function adopt(
  deps: SyncOutboundDeps,
  facts: LinkFacts,
  {
    issue: { assignees, status: externalStatus, externalVersion },
    people,
    status,
  }: {
    readonly issue: ExternalIssue;
    readonly people: OutboundDecision;
    readonly status: StatusDecision;
  },
  requestId: string,
): Promise<InboundResult> {
  if (people.kind !== 'adopt' && status.kind !== 'adopt') {
    return 'ignored';
  }
  return applyInbound(deps, facts, {
    assignees: people.kind === 'adopt' ? assignees : null,
    status: status.kind === 'adopt' ? externalStatus : null,
    externalVersion,
    actor: null,
    incomplete: false,
    origin: 'read',
    present: { assignees, status: externalStatus, externalVersion },
    deliveryId: null,
    requestId,
  });
}

/**
 * Who we are there is asked once: without it our own echoes are taken for somebody's changes, which
 * costs a look each.
 */
async function learnActor(
  deps: SyncOutboundDeps,
  { integration }: LinkFacts,
  tracker: Tracker,
): Promise<void> {
  if (integration.refusedAtMs !== null) {
    await deps.integrations.markRefused(integration.id, null);
  }
  if (integration.actor !== null) {
    return;
  }
  const self = await tracker.whoAmI();
  if (self.ok) {
    await deps.integrations.rememberActor(integration.id, self.value);
  }
}

/** What the tracker should show for the assignee here; at the first contact, which side counts. */
export function decidePeople(
  facts: LinkFacts,
  issue: ExternalIssue,
  account: Parameters<typeof slotGoal>[1],
  { onDrift, nowMs }: { readonly onDrift: OnDrift; readonly nowMs: number },
): OutboundDecision {
  const { link, row, config, traits } = facts;
  const version = versionOf(facts);
  const assignee = row.assignment?.assignee ?? null;
  const isFirstContact = link.lastExternal === null && version <= link.syncedVersion;
  const direction = directionAtLinkTime({
    assignedHere: assignee !== null,
    assignedThere: issue.assignees.length > 0,
    reverse: config.reverseAssignment,
  });
  if (isFirstContact && direction === 'adopt') {
    return { kind: 'adopt' };
  }
  return decideOutbound({
    version,
    cameFromHere: cameFromHere(facts),
    goal: slotGoal(row.assignment, account, config),
    link,
    issue,
    traits,
    forward: config.forwardAssignment,
    reverse: config.reverseAssignment,
    onDrift,
    nowMs,
  });
}

/** A status that never changed here is nothing to repair a tracker with. */
function decideStatusOf(
  { link, row, config }: LinkFacts,
  issue: ExternalIssue,
  onDrift: OnDrift,
): StatusDecision {
  return decideStatus({
    groupStatus: row.group.status,
    version: row.group.statusVersion,
    syncedVersion: link.syncedStatusVersion,
    external: issue.status,
    lastExternal: link.lastExternal?.status ?? null,
    forward: config.forwardStatus,
    reverse: config.reverseStatus,
    onDrift: row.group.statusVersion === 0 ? 'adopt' : onDrift,
  });
}
