import type { BackoffSchedule } from '../../domain/sync/backoff.ts';
import type { ExternalIssue } from '../../domain/sync/external-issue.ts';
import { MAX_REREADS } from '../../domain/sync/failure.ts';
import { needsReauthorization } from '../../domain/sync/integration.ts';
import {
  decideOutbound,
  directionAtLinkTime,
  type OnDrift,
  type OutboundDecision,
  slotGoal,
} from '../../domain/sync/outbound.ts';
import { decideOutboundGate, type OutboundGate } from '../../domain/sync/outbound-gate.ts';
import { decideStatus, type StatusDecision } from '../../domain/sync/status.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { Tracker } from '../../trackers/tracker.ts';
import { type ApplyInboundDeps, applyInbound } from './apply-inbound.ts';
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
  request: LinkRequest & {
    /** How often this message was received before. */
    readonly receives: number;
    readonly hasTime: () => boolean;
  },
): Promise<WorkOutcome> {
  const tried: Tried = { refreshed: false, rereads: 0, hasWritten: false };
  const later: WorkOutcome = { kind: 'later', delayMs: deps.backoff.firstMs };
  const decide = async (attempt: number): Promise<WorkOutcome | typeof AGAIN> => {
    if (!request.hasTime()) {
      return later;
    }
    const facts = await readLinkFacts(deps, request);
    if (facts === null) {
      return done;
    }
    const nowMs = Date.parse(deps.clock());
    const gate = gateOf(facts, request, deps.backoff, attempt === 1, nowMs);
    if (gate.kind === 'done') {
      return done;
    }
    if (gate.kind === 'wait') {
      return { kind: 'later', delayMs: gate.untilMs - nowMs };
    }
    if (gate.kind === 'park') {
      return park(deps, facts);
    }
    const outcome = await bringUpToDate(deps, facts, request, tried);
    return outcome === 'again' ? AGAIN : outcome;
  };
  return redecide(decide, { attempts: ATTEMPTS, exhausted: () => later });
}

/**
 * Either family may have a reason to go to the tracker; a pause and refused credentials hold for
 * both.
 */
function gateOf(
  facts: LinkFacts,
  request: LinkRequest & { readonly receives: number },
  backoff: BackoffSchedule,
  isFirstAttempt: boolean,
  nowMs: number,
): OutboundGate {
  const { link, row, integration, config } = facts;
  const common = {
    nowMs,
    needsReauth: needsReauthorization(integration, nowMs, backoff),
    pausedUntilMs: Math.max(integration.pausedUntilMs ?? 0, link.pausedUntilMs ?? 0),
    verify: request.verify,
    firstReceive: request.receives === 0 && isFirstAttempt,
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
  const { link, integration } = facts;
  const signedIn = await deps.trackers.of(integration);
  if (!signedIn.ok) {
    return recordFailure(deps, facts, signedIn.failure, tried, 'assignment');
  }
  const tracker = signedIn.value;
  const read = await tracker.getIssue(link.externalKey);
  if (!read.ok) {
    return recordFailure(deps, facts, read.failure, tried, 'assignment');
  }
  const issue = read.value;
  await learnActor(deps, facts, tracker);

  const onDrift = tried.hasWritten ? 'repair' : request.onDrift;
  const account = await accountOf(deps, facts, tracker);
  if (!account.ok) {
    return recordFailure(deps, facts, account.failure, tried, 'assignment');
  }
  const nowMs = Date.parse(deps.clock());
  const people = decidePeople(facts, issue, account.value, { onDrift, nowMs });
  if (people.kind === 'reread') {
    return 'again';
  }
  if (people.kind === 'wait') {
    return { kind: 'later', delayMs: people.delayMs };
  }
  const status = decideStatusOf(facts, issue, onDrift);

  if (people.kind === 'adopt' || status.kind === 'adopt') {
    const result = await applyInbound(deps, facts, {
      assignees: people.kind === 'adopt' ? issue.assignees : null,
      status: status.kind === 'adopt' ? issue.status : null,
      externalVersion: issue.externalVersion,
      actor: null,
      incomplete: false,
      origin: 'read',
      present: {
        assignees: issue.assignees,
        status: issue.status,
        externalVersion: issue.externalVersion,
      },
      deliveryId: null,
      requestId: request.requestId,
    });
    if (result === 'again') {
      return 'again';
    }
    if (result === 'applied') {
      return done;
    }
  }
  return pushOutbound(deps, { facts, tracker, issue, people, status, tried, request });
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

/** What the tracker should show for the assignee here; at the first contact, whose word counts. */
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
    goal: slotGoal(assignee, account, config),
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
