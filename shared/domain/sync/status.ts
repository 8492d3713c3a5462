import type { ExternalStatus } from './external-issue.ts';
import type { OnDrift } from './outbound.ts';

/** What the tracker should show for a group's status; null when it says nothing to a tracker. */
export function externalStatusFor(groupStatus: string): ExternalStatus | null {
  if (groupStatus === 'resolved') {
    return 'closed';
  }
  return groupStatus === 'unresolved' ? 'open' : null;
}

/**
 * What an external status makes of a group; null when nothing changes. Reopening a ticket does not
 * wake a group that somebody archived on purpose.
 */
export function groupStatusFor(
  external: ExternalStatus,
  groupStatus: string,
): 'resolved' | 'unresolved' | null {
  if (external === 'closed') {
    return groupStatus === 'resolved' ? null : 'resolved';
  }
  return groupStatus === 'resolved' ? 'unresolved' : null;
}

/** The status family's counterpart of an assignment decision. */
export type StatusDecision =
  | { readonly kind: 'inSync' }
  | { readonly kind: 'write'; readonly status: ExternalStatus }
  | { readonly kind: 'adopt' }
  | { readonly kind: 'observe' };

type StatusFacts = {
  readonly groupStatus: string;
  readonly version: number;
  readonly syncedVersion: number;
  /** Null where the tracker does not say what its state means: no news, and nothing to repair. */
  readonly external: ExternalStatus | null;
  readonly lastExternal: ExternalStatus | null;
  readonly forward: boolean;
  readonly reverse: boolean;
  readonly onDrift: OnDrift;
};

/** Decides about the status of one link; the same rules as for its assignee. */
export function decideStatus(facts: StatusFacts): StatusDecision {
  const mayAdopt = facts.reverse && hasDrifted(facts);
  if (!facts.forward) {
    return { kind: mayAdopt ? 'adopt' : 'observe' };
  }
  const wanted = externalStatusFor(facts.groupStatus);
  if (wanted === null || wanted === facts.external) {
    return { kind: 'inSync' };
  }
  if (mayWriteStatus(facts)) {
    return { kind: 'write', status: wanted };
  }
  return { kind: mayAdopt ? 'adopt' : 'inSync' };
}

function hasDrifted({ external, lastExternal }: StatusFacts): boolean {
  return lastExternal !== null && external !== null && lastExternal !== external;
}

function mayWriteStatus({ version, syncedVersion, external, onDrift }: StatusFacts): boolean {
  return version > syncedVersion || (onDrift === 'repair' && external !== null);
}

/** What becomes of an external status before it changes the group. */
export type InboundStatusGate =
  | {
      readonly kind: 'drop';
      readonly reason: 'switchedOff' | 'own' | 'older' | 'seen' | 'localNewer';
    }
  /** Get the issue and decide again with `origin: 'read'`. */
  | { readonly kind: 'reread' }
  /** Do not apply; look at the link instead. */
  | { readonly kind: 'verify'; readonly onDrift: OnDrift }
  | { readonly kind: 'apply'; readonly groupStatus: 'resolved' | 'unresolved' };

type InboundStatusFacts = {
  /** Null where a webhook does not say. */
  readonly external: ExternalStatus | null;
  readonly groupStatus: string;
  readonly origin: 'webhook' | 'read';
  readonly reverse: boolean;
  readonly forward: boolean;
  /** Our own account did it. */
  readonly isOwn: boolean;
  /** It is the very change that this link's last write made. */
  readonly isOwnWrite: boolean;
  /** What this link last saw there. */
  readonly lastExternal: ExternalStatus | null;
  /** Whether other groups are linked to the same issue. */
  readonly hasSiblings: boolean;
  /** How new the change is beside the newest one that was taken in. */
  readonly order: 'older' | 'equal' | 'newer' | 'unknown';
  readonly incomplete: boolean;
  readonly version: number;
  readonly syncedVersion: number;
};

/**
 * Sorts an external status. What our own account did is never applied; where this link does not
 * know of it, it is another group's doing, which is adopted, or a late write of a stalled worker,
 * which is repaired. A status that changed here and was not told to the tracker yet wins: it is on
 * its way there, and whoever wrote last there did not see it.
 */
export function decideInboundStatusGate(facts: InboundStatusFacts): InboundStatusGate {
  if (!facts.reverse) {
    return { kind: 'drop', reason: 'switchedOff' };
  }
  const decided = facts.origin === 'webhook' ? decideWebhookStatus(facts) : null;
  if (decided !== null) {
    return decided;
  }
  if (facts.forward && facts.version > facts.syncedVersion) {
    return { kind: 'drop', reason: 'localNewer' };
  }
  const groupStatus =
    facts.external === null ? null : groupStatusFor(facts.external, facts.groupStatus);
  return groupStatus === null ? { kind: 'drop', reason: 'seen' } : { kind: 'apply', groupStatus };
}

/** Why a webhook is not applied as it is; null for one that may be. */
function decideWebhookStatus(facts: InboundStatusFacts): InboundStatusGate | null {
  if (facts.isOwn) {
    return decideOwnStatus(facts);
  }
  if (facts.order === 'older') {
    return { kind: 'drop', reason: 'older' };
  }
  return facts.order === 'equal' || facts.incomplete ? { kind: 'reread' } : null;
}

/** What our own account changed is never applied; what this link does not know of is verified. */
function decideOwnStatus(facts: InboundStatusFacts): InboundStatusGate {
  const isUnnamed = facts.external === null && facts.incomplete;
  const isKnown = isUnnamed ? facts.isOwnWrite : saysNothingNew(facts);
  return isKnown
    ? { kind: 'drop', reason: 'own' }
    : { kind: 'verify', onDrift: facts.hasSiblings ? 'adopt' : 'repair' };
}

function saysNothingNew({ external, lastExternal }: InboundStatusFacts): boolean {
  return external === null || external === lastExternal;
}
