import type { UserId } from '../ids.ts';
import { type ExternalPerson, type ProviderTraits, samePerson } from './external-issue.ts';

/**
 * An external assignee and the user here that it stands for, if any may be assigned to the group.
 */
export type Candidate = { readonly person: ExternalPerson; readonly userId: UserId | null };

/** What an external assignee list makes of a group's assignment. */
export type InboundAssignment =
  | { readonly kind: 'unassign' }
  /**
   * The assignee here is among them: the slot is claimed, and the assignment, whose version stays,
   * counts as decided by the tracker at the event's time if that is later.
   */
  | { readonly kind: 'keep'; readonly claim: ExternalPerson }
  | { readonly kind: 'assign'; readonly userId: UserId; readonly claim: ExternalPerson }
  /** Nobody here stands for any of them: nothing changes, and the link says so. */
  | { readonly kind: 'unmapped'; readonly people: readonly ExternalPerson[] };

/**
 * Chooses a person. The list is the present state, not a delta: empty unassigns; the assignee here
 * stays if among them, else the first who maps comes in (the trackers' lists are in the order of
 * assignment).
 */
export function decideInboundAssignment(
  candidates: readonly Candidate[],
  currentUserId: string | null,
): InboundAssignment {
  if (candidates.length === 0) {
    return { kind: 'unassign' };
  }
  const current = candidates.find(({ userId }) => userId !== null && userId === currentUserId);
  if (current !== undefined) {
    return { kind: 'keep', claim: current.person };
  }
  for (const { person, userId } of candidates) {
    if (userId !== null) {
      return { kind: 'assign', userId, claim: person };
    }
  }
  return { kind: 'unmapped', people: candidates.map(({ person }) => person) };
}

/**
 * The link's `ours` after an external change: applying one claims our slot for that account, one
 * that is not applied claims nothing. Whoever was ours before remains so until the next write takes
 * them away: the list may be older than what we wrote last.
 */
export function claimedBy(
  outcome: InboundAssignment,
  ours: readonly ExternalPerson[],
  traits: ProviderTraits,
): readonly ExternalPerson[] {
  if (outcome.kind !== 'keep' && outcome.kind !== 'assign') {
    return ours;
  }
  const { claim } = outcome;
  return [claim, ...ours.filter((one) => !samePerson(one, claim, traits))];
}
