/** What happens to a message that asks to sync a link. */
export type OutboundGate =
  | { readonly kind: 'proceed' }
  | { readonly kind: 'done'; readonly reason: 'duplicate' | 'switchedOff' }
  /** The credentials are refused until their owner renews them: the link becomes `pending`. */
  | { readonly kind: 'park' }
  /** A rate limit pauses the link until then. */
  | { readonly kind: 'wait'; readonly untilMs: number };

/**
 * Decides whether the tracker is called. A message is only a hint: it is a duplicate if the link is
 * in sync with its version, unless an earlier attempt of this message may have written something,
 * or the message asks for a comparison (`verify`).
 */
export function decideOutboundGate(facts: {
  readonly nowMs: number;
  /** Whether changes of this family are written to the tracker. */
  readonly forward: boolean;
  /**
   * Whether changes are applied from the tracker: `verify` may then find one whose webhook was
   * lost.
   */
  readonly reverse: boolean;
  readonly needsReauth: boolean;
  readonly pausedUntilMs: number | null;
  readonly version: number;
  readonly syncedVersion: number;
  readonly inflight: boolean;
  readonly verify: boolean;
  readonly firstReceive: boolean;
}): OutboundGate {
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
