import type { Actor } from '../actor.ts';

/** When an assignment ends by itself. */
export type Lease = {
  /** ISO 8601 in UTC. */
  readonly expiresAt: string;
  /** Whether `issue.lease_ending` has been told of it. */
  readonly isEndingTold: boolean;
};

/** Seconds that an assignment may last: an hour at least, a year at most. */
export const SHORTEST_LEASE = 3_600;
export const LONGEST_LEASE = 31_536_000;

/** So long before its end it is told that a lease is ending. */
const NOTICE_MS = 3_600_000;

/** The lease of an assignment that lasts so many seconds from `now`. */
export function leaseFrom(now: string, seconds: number): Lease {
  return { expiresAt: after(now, seconds * 1_000), isEndingTold: false };
}

/** When something is to be done about a lease: its end is told, and then it ends. */
export function leaseDueAt({ expiresAt, isEndingTold }: Lease): string {
  return isEndingTold ? expiresAt : after(expiresAt, -NOTICE_MS);
}

/** What of an assignment its end depends on. */
type Leased = { readonly assignee: Actor | null; readonly lease?: Lease };

/**
 * What is to be done about the lease of an assignment now. One that has run out ends, also where
 * nobody was told before.
 */
export function leaseStep(assignment: Leased | null, now: string): 'nothing' | 'tell' | 'end' {
  const lease = assignment?.lease;
  if (!assignment?.assignee || lease === undefined || leaseDueAt(lease) > now) {
    return 'nothing';
  }
  return lease.expiresAt <= now ? 'end' : 'tell';
}

function after(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
