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
  | { readonly kind: 'settle' }
  | { readonly kind: 'write'; readonly status: ExternalStatus }
  | { readonly kind: 'adopt' }
  | { readonly kind: 'observe' };

/** Decides about the status of one link; the same rules as for its assignee. */
export function decideStatus(facts: {
  readonly groupStatus: string;
  readonly version: number;
  readonly syncedVersion: number;
  readonly external: ExternalStatus;
  readonly lastExternal: ExternalStatus | null;
  readonly forward: boolean;
  readonly reverse: boolean;
  readonly onDrift: OnDrift;
}): StatusDecision {
  const drifted = facts.lastExternal !== null && facts.lastExternal !== facts.external;
  if (!facts.forward) {
    return { kind: facts.reverse && drifted ? 'adopt' : 'observe' };
  }
  const wanted = externalStatusFor(facts.groupStatus);
  if (wanted === null || wanted === facts.external) {
    return { kind: 'settle' };
  }
  if (facts.version <= facts.syncedVersion && facts.onDrift === 'adopt') {
    return { kind: facts.reverse && drifted ? 'adopt' : 'settle' };
  }
  return { kind: 'write', status: wanted };
}
