/** What happens to a message that asks to bring a link up to date. */
export type OutboundGate =
  | { readonly kind: 'proceed' }
  | { readonly kind: 'done'; readonly reason: 'duplicate' | 'switchedOff' }
  /** The credentials are refused until their owner renews them: the link waits as `pending`. */
  | { readonly kind: 'park' }
  /** The tracker asked for quiet until then. */
  | { readonly kind: 'wait'; readonly untilMs: number };

export type OutboundGateFacts = {
  readonly nowMs: number;
  /** This family's direction from here to the tracker. */
  readonly forward: boolean;
  /** The direction back: a verify may then find a change whose webhook was lost. */
  readonly reverse: boolean;
  readonly needsReauth: boolean;
  readonly pausedUntilMs: number | null;
  readonly version: number;
  readonly syncedVersion: number;
  readonly inflight: boolean;
  readonly verify: boolean;
  readonly firstReceive: boolean;
};

/**
 * Whether to go to the tracker at all. A message is a hint: it is a duplicate when the link has
 * already synced its version, unless an earlier try of this very message may have written
 * something, or it asks for a look on purpose (`verify`).
 */
export function decideOutboundGate(facts: OutboundGateFacts): OutboundGate {
  if (!facts.forward && !(facts.reverse && facts.verify)) {
    return { kind: 'done', reason: 'switchedOff' };
  }
  const isInSync = facts.version <= facts.syncedVersion && !facts.inflight;
  if (isInSync && facts.firstReceive && !facts.verify) {
    return { kind: 'done', reason: 'duplicate' };
  }
  if (facts.needsReauth) {
    return { kind: 'park' };
  }
  if (facts.pausedUntilMs !== null && facts.pausedUntilMs > facts.nowMs) {
    return { kind: 'wait', untilMs: facts.pausedUntilMs };
  }
  return { kind: 'proceed' };
}
