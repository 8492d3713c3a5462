import {
  type ExternalPerson,
  type ExternalVersion,
  includesPerson,
  type ProviderTraits,
  samePeople,
  samePerson,
} from './external-issue.ts';
import { compareExternalVersions, mayPrecedeOwnWrite } from './external-version.ts';
import type { LinkState } from './link-state.ts';
import type { OnDrift } from './outbound.ts';
import type { WebhookSnapshot } from './webhook-snapshot.ts';

/** What happens to an external change before its people are looked up. */
export type InboundGate =
  | { readonly kind: 'drop'; readonly reason: 'switchedOff' | 'own' | 'older' | 'seen' }
  /** Get the issue and decide again with `origin: 'read'`. */
  | { readonly kind: 'reread' }
  /** Do not apply the change; compare the link with the tracker instead. */
  | {
      readonly kind: 'verify';
      readonly reason: 'own' | 'localNewer' | 'writing';
      readonly onDrift: OnDrift;
    }
  | { readonly kind: 'resolve' };

/** The state here that competes with an external change: an assignment or a group's status. */
export type LocalChange = {
  readonly version: number;
  readonly syncedVersion: number;
  /** When it was last decided. A tracker that confirms it (`keep`) counts as a decision. */
  readonly decidedAtMs: number;
  /** It was applied from this external issue, and so does not compete with its present state. */
  readonly cameFromHere: boolean;
};

type InboundFacts = {
  readonly snapshot: Pick<
    WebhookSnapshot,
    'assignees' | 'externalVersion' | 'actor' | 'incomplete'
  >;
  /** `read`: the snapshot was just fetched. It shows the present state, not a change. */
  readonly origin: 'webhook' | 'read';
  /** Whether changes of this family are applied from the tracker. */
  readonly reverse: boolean;
  /** The account that we write with. */
  readonly ownActor: ExternalPerson | null;
  readonly link: Pick<
    LinkState,
    'watermark' | 'ours' | 'lastExternal' | 'inflight' | 'lastWrittenVersion'
  >;
  readonly local: LocalChange;
  /**
   * The accounts that other links to the same external issue have assigned there, or are about to.
   */
  readonly siblings: readonly ExternalPerson[];
  readonly traits: ProviderTraits;
  readonly nowMs: number;
};

/** Decides about an external change before its people are looked up. In this order: */
export function decideInboundGate(facts: InboundFacts): InboundGate {
  if (!facts.reverse) {
    return { kind: 'drop', reason: 'switchedOff' };
  }
  const decided = facts.origin === 'webhook' ? decideWebhook(facts) : decideRead(facts);
  if (decided !== null) {
    return decided;
  }
  return isLocalNewer(facts.origin, facts.snapshot.externalVersion, facts.local)
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

/** The state may be from before one of our own writes, or show a write that is not finished. */
function isOwnWork({ snapshot, link, nowMs }: InboundFacts): boolean {
  return (
    link.inflight !== null ||
    mayPrecedeOwnWrite(snapshot.externalVersion, link.lastWrittenVersion, nowMs)
  );
}

/** The tracker's state was the same when the present assignment was synced. */
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
 * A webhook of our own account that lacks our person, or shows a person that nobody had seen, comes
 * from a late write of a stalled worker, or from another group's link to the same ticket. The first
 * is repaired, the second adopted: two groups that each repaired "their" ticket would never stop.
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
 * The last writer wins. A change here that was not synced yet also wins a draw, unless it came from
 * this issue. A change that was synced is known to everyone who changes the issue later, so it only
 * wins against a webhook that is older, and never against the present state.
 */
function isLocalNewer(
  origin: 'webhook' | 'read',
  externalVersion: ExternalVersion,
  local: LocalChange,
): boolean {
  const pending = local.version > local.syncedVersion && !local.cameFromHere;
  if (pending) {
    return externalVersion.atMs === null || local.decidedAtMs >= externalVersion.atMs;
  }
  return (
    origin === 'webhook' &&
    externalVersion.atMs !== null &&
    local.decidedAtMs > externalVersion.atMs
  );
}
