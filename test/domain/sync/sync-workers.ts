import type {
  ExternalIssue,
  ExternalPerson,
  ExternalVersion,
} from '../../../shared/domain/sync/external-issue.ts';
import { newestOf, watermarkAfterRead } from '../../../shared/domain/sync/external-version.ts';
import {
  claimedBy,
  decideInboundAssignment,
  type InboundAssignment,
} from '../../../shared/domain/sync/inbound.ts';
import { decideInboundGate, type InboundGate } from '../../../shared/domain/sync/inbound-gate.ts';
import {
  decideOutbound,
  type OutboundDecision,
  slotGoal,
} from '../../../shared/domain/sync/outbound.ts';
import { decideOutboundGate } from '../../../shared/domain/sync/outbound-gate.ts';
import {
  type Hint,
  type Link,
  own,
  personOf,
  type SyncWorld,
  userOf,
  type Webhook,
} from './sync-world.ts';

type Seen = {
  readonly assignees: readonly ExternalPerson[];
  readonly externalVersion: ExternalVersion;
  readonly actor: ExternalPerson | null;
};

type ClosingDecision = Extract<OutboundDecision, { kind: 'inSync' | 'write' }>;

/** Fresh starts within one message. */
const ROUNDS = 5;

/** Brings one link up to date. Every `yield` is a moment at which others may come between. */
export function* outbound(world: SyncWorld, message: Hint): Generator<void, void> {
  const { link } = message;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { version } = link.group;
    const { revision } = link;
    if (!isWorthALook(world, message, round)) {
      return;
    }
    yield;
    const issue = world.read(link.ticket);
    yield;
    if (link.group.version !== version || link.revision !== revision) {
      continue;
    }
    const decision = decide(message, issue, world.now());
    if (decision.kind === 'adopt' || decision.kind === 'observe') {
      applyInbound(world, link, { ...issue, actor: null }, 'read');
      return;
    }
    if (decision.kind === 'reread') {
      continue;
    }
    if (decision.kind === 'wait') {
      world.pass(decision.delayMs);
      world.hint(link, { verify: true });
      return;
    }
    const synced = yield* pushOutbound(world, link, decision, issue);
    lookLater(world, link, !synced || decision.inflight !== null);
    if (synced && link.group.version === version) {
      return;
    }
  }
  world.hint(link, { verify: true });
}

/** Looks at every link of a ticket, one after the other, each delivery once. */
export function* inbound(
  world: SyncWorld,
  processed: Set<string>,
  message: Webhook,
): Generator<void, void> {
  for (const link of world.links.filter(({ ticket }) => ticket === message.ticket)) {
    const delivery = `${message.id}/${link.name}`;
    if (!processed.has(delivery)) {
      applyInbound(world, link, message, 'webhook');
      processed.add(delivery);
    }
    yield;
  }
}

function lookLater(world: SyncWorld, link: Link, isNeeded: boolean) {
  if (isNeeded) {
    world.hint(link, { verify: true, onDrift: 'repair' });
  }
}

function isWorthALook(world: SyncWorld, { link, verify, receives }: Hint, round: number): boolean {
  const gate = decideOutboundGate({
    nowMs: world.now(),
    forward: true,
    reverse: true,
    needsReauth: false,
    pausedUntilMs: null,
    version: link.group.version,
    syncedVersion: link.state.syncedVersion,
    inflight: link.state.inflight !== null,
    verify,
    firstReceive: receives === 0 && round === 0,
  });
  return gate.kind === 'proceed';
}

function decide(
  { link, onDrift, receives }: Hint,
  issue: ExternalIssue,
  nowMs: number,
): OutboundDecision {
  const { version, assignee, sourceLink } = link.group;
  const policies = { teamPolicy: 'keep', unmappedPolicy: 'keep' } as const;
  return decideOutbound({
    version,
    cameFromHere: sourceLink === link.name,
    goal: slotGoal(
      assignee === null ? null : { assignee: { type: 'user', id: assignee } },
      personOf(assignee),
      policies,
    ),
    link: link.state,
    issue,
    traits: link.ticket.traits,
    forward: true,
    reverse: true,
    onDrift: receives > 0 ? 'repair' : onDrift,
    nowMs,
  });
}

/**
 * Writes if need be, and saves that the link is synced; false when somebody saved it in between.
 */
function* pushOutbound(
  world: SyncWorld,
  link: Link,
  decision: ClosingDecision,
  issue: ExternalIssue,
): Generator<void, boolean> {
  const { version } = link.group;
  let after = issue;
  let { revision } = link;
  if (decision.kind === 'write') {
    world.save(link, { ...link.state, inflight: { add: decision.change.add[0] ?? null } });
    revision = link.revision;
    yield;
    world.write(link.ticket, decision.change);
    after = world.read(link.ticket);
    yield;
  }
  const { state } = link;
  const { assignees, externalVersion } = after;
  const synced = {
    ...state,
    syncedVersion: Math.max(state.syncedVersion, version),
    ours: decision.ours,
    inflight: decision.inflight,
    lastWrittenVersion: decision.kind === 'write' ? externalVersion : state.lastWrittenVersion,
    lastExternal: { assignees, status: 'open', externalVersion },
  } as const;
  return world.save(link, synced, revision);
}

/** Applies what a ticket shows to one link's group, or leaves it. */
function applyInbound(world: SyncWorld, link: Link, seen: Seen, origin: 'webhook' | 'read') {
  const gate = decideInbound(world, link, seen, origin);
  if (gate.kind === 'reread') {
    applyInbound(world, link, { ...world.read(link.ticket), actor: null }, 'read');
  } else if (gate.kind === 'verify') {
    world.hint(link, { verify: true, onDrift: gate.onDrift });
  } else if (gate.kind === 'resolve') {
    const candidates = seen.assignees.map((one) => ({ person: one, userId: userOf(one) }));
    apply(world, link, seen, origin, decideInboundAssignment(candidates, link.group.assignee));
    world.hint(link, { verify: true });
  }
}

function decideInbound(
  world: SyncWorld,
  link: Link,
  seen: Seen,
  origin: 'webhook' | 'read',
): InboundGate {
  const { state, group, ticket } = link;
  return decideInboundGate({
    snapshot: { ...seen, incomplete: false },
    origin,
    reverse: true,
    ownActor: own,
    link: state,
    local: {
      version: group.version,
      syncedVersion: state.syncedVersion,
      decidedAtMs: group.decidedAtMs,
      cameFromHere: group.sourceLink === link.name,
    },
    siblings: world.siblingsOf(link).flatMap(({ state: { ours, inflight } }) => {
      const add = inflight?.add ?? null;
      return add === null ? ours : [...ours, add];
    }),
    traits: ticket.traits,
    nowMs: world.now(),
  });
}

/** One transaction: the link, and the group's assignment. */
function apply(
  world: SyncWorld,
  link: Link,
  { assignees, externalVersion }: Seen,
  origin: 'webhook' | 'read',
  outcome: InboundAssignment,
) {
  const { state, group } = link;
  const ownVersions = [link, ...world.siblingsOf(link)].map((one) => one.state.lastWrittenVersion);
  world.save(link, {
    ...state,
    ours: claimedBy(outcome, state.ours, link.ticket.traits),
    watermark:
      origin === 'webhook'
        ? newestOf(state.watermark, externalVersion)
        : watermarkAfterRead(state.watermark, externalVersion, ownVersions),
    lastExternal: { assignees, status: 'open', externalVersion },
    heldVersion: outcome.kind === 'unmapped' ? group.version : state.heldVersion,
  });
  const decidedAtMs = externalVersion.atMs ?? 0;
  if (outcome.kind === 'assign' || outcome.kind === 'unassign') {
    world.assign(group, outcome.kind === 'assign' ? outcome.userId : null, decidedAtMs, link);
  } else if (outcome.kind === 'keep' && decidedAtMs > group.decidedAtMs) {
    Object.assign(group, { decidedAtMs, sourceLink: link.name });
  }
}
