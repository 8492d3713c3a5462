import {
  type ExternalPerson,
  includesPerson,
  type ProviderTraits,
  samePeople,
  samePerson,
} from './external-issue.ts';
import { compareExternalVersions, mayPrecedeOwnWrite } from './external-version.ts';
import type { LinkState } from './link-state.ts';
import type { OnDrift } from './outbound.ts';
import type { WebhookSnapshot } from './webhook-snapshot.ts';

/** What becomes of an external change before anybody is looked up. */
export type InboundGate =
  | { readonly kind: 'drop'; readonly reason: 'switchedOff' | 'own' | 'older' | 'seen' }
  /** Get the issue and decide again with `origin: 'read'`. */
  | { readonly kind: 'reread' }
  /** Do not apply; look at the link instead. */
  | {
      readonly kind: 'verify';
      readonly reason: 'own' | 'localNewer' | 'writing';
      readonly onDrift: OnDrift;
    }
  | { readonly kind: 'resolve' };

/** The state here that an external change competes with: an assignment, or a group's status. */
type LocalChange = {
  readonly version: number;
  readonly syncedVersion: number;
  /** When somebody last decided so; a tracker that confirms it (`keep`) counts as somebody. */
  readonly decidedAtMs: number;
  /** It came from this very external issue: no rival to what that issue says now. */
  readonly cameFromHere: boolean;
};

type InboundFacts = {
  readonly snapshot: Pick<
    WebhookSnapshot,
    'assignees' | 'externalVersion' | 'actor' | 'incomplete'
  >;
  /**
   * `read`: the snapshot was just fetched, so it is the present state and no account of a change.
   */
  readonly origin: 'webhook' | 'read';
  /** This family's direction from the tracker to here. */
  readonly reverse: boolean;
  /** The account that we write with. */
  readonly ownActor: ExternalPerson | null;
  readonly link: Pick<
    LinkState,
    'watermark' | 'ours' | 'lastExternal' | 'inflight' | 'lastWrittenVersion'
  >;
  readonly local: LocalChange;
  /** What other links to the same external issue have put there, or are about to. */
  readonly siblings: readonly ExternalPerson[];
  readonly traits: ProviderTraits;
  readonly nowMs: number;
};

/**
 * Sorts an external change, in this order: a direction that is off; our own doing (never applied,
 * but a trace that shows something else than we synced is a reason to look); older than what was
 * taken in already; as old as that (GitHub counts whole seconds and delivers in any order, so
 * only a read tells); a change here that is newer. What remains may be applied.
 */
export function decideInboundGate(facts: InboundFacts): InboundGate {
  if (!facts.reverse) {
    return { kind: 'drop', reason: 'switchedOff' };
  }
  const decided = facts.origin === 'webhook' ? decideWebhook(facts) : decideRead(facts);
  if (decided !== null) {
    return decided;
  }
  return isLocalNewer(facts)
    ? { kind: 'verify', reason: 'localNewer', onDrift: 'adopt' }
    : { kind: 'resolve' };
}

/** Why a webhook is not applied as it is; null for one that may be. */
function decideWebhook(facts: InboundFacts): InboundGate | null {
  if (isOurs(facts)) {
    return decideEcho(facts);
  }
  const order = compareExternalVersions(facts.snapshot.externalVersion, facts.link.watermark);
  if (order === 'older') {
    return { kind: 'drop', reason: 'older' };
  }
  return order === 'equal' || facts.snapshot.incomplete ? { kind: 'reread' } : null;
}

/** Why a state that was read is not applied; null for one that may be. */
function decideRead(facts: InboundFacts): InboundGate | null {
  if (isOwnWork(facts)) {
    return { kind: 'verify', reason: 'writing', onDrift: 'adopt' };
  }
  return isSeen(facts) ? { kind: 'drop', reason: 'seen' } : null;
}

function isOurs({ snapshot, ownActor, traits }: InboundFacts): boolean {
  return (
    snapshot.actor !== null && ownActor !== null && samePerson(snapshot.actor, ownActor, traits)
  );
}

/** What was read may be from before a write of ours, or show one that is under way. */
function isOwnWork({ snapshot, link, nowMs }: InboundFacts): boolean {
  return (
    link.inflight !== null ||
    mayPrecedeOwnWrite(snapshot.externalVersion, link.lastWrittenVersion, nowMs)
  );
}

/** What a read shows was there when the present assignment was synced: no news. */
function isSeen({ snapshot, link, local, traits }: InboundFacts): boolean {
  const seen = link.lastExternal?.assignees;
  return (
    local.version <= local.syncedVersion &&
    snapshot.assignees !== null &&
    seen !== undefined &&
    samePeople(snapshot.assignees, seen, traits)
  );
}

/**
 * An echo in which our person is missing, or a stranger shows up whom nobody had seen, is a late
 * write of a stalled worker, or of another group's link to the same ticket. The first is repaired,
 * the second adopted: two groups that each repaired "their" ticket would never stop.
 */
function decideEcho(facts: InboundFacts): InboundGate {
  const { snapshot, link, siblings, traits } = facts;
  if (snapshot.assignees === null) {
    return { kind: 'drop', reason: 'own' };
  }
  const assignees = snapshot.assignees;
  const shown = link.ours.every((one) => includesPerson(assignees, one, traits));
  const known = [...link.ours, ...siblings, ...(link.lastExternal?.assignees ?? [])];
  if (shown && assignees.every((one) => includesPerson(known, one, traits))) {
    return { kind: 'drop', reason: 'own' };
  }
  const bySibling = assignees.some((one) => includesPerson(siblings, one, traits));
  return { kind: 'verify', reason: 'own', onDrift: bySibling ? 'adopt' : 'repair' };
}

/**
 * The last writer wins. A change here that the tracker has not been told yet wins a draw, unless it
 * came from this very issue. One that was synced there has been seen by whoever changed it since,
 * so that only a webhook that is provably from before it loses, and never the present state. A draw
 * is between two issues that were changed in the same second: once the outcome was written to this
 * one, a webhook from before that write comes too late to turn it.
 */
function isLocalNewer({ origin, snapshot, link, local }: InboundFacts): boolean {
  const { externalVersion } = snapshot;
  const pending = local.version > local.syncedVersion && !local.cameFromHere;
  if (pending) {
    return externalVersion.atMs === null || local.decidedAtMs >= externalVersion.atMs;
  }
  if (origin !== 'webhook' || externalVersion.atMs === null) {
    return false;
  }
  const isDraw = local.decidedAtMs === externalVersion.atMs;
  const isOverwritten =
    compareExternalVersions(externalVersion, link.lastWrittenVersion) === 'older';
  return isDraw ? isOverwritten : local.decidedAtMs > externalVersion.atMs;
}
