import { type ExternalPerson, type ProviderTraits, samePerson } from './external-issue.ts';

/**
 * An external assignee and the mapped user; null without a user who may be assigned to the group.
 */
export type Candidate = { readonly person: ExternalPerson; readonly userId: string | null };

/** What a list of external assignees does to a group's assignment. */
export type InboundAssignment =
  | { readonly kind: 'unassign' }
  /**
   * The present assignee is in the list. The link claims the account; the assignment keeps its
   * version, and its decision takes the time of the tracker's if that is later.
   */
  | { readonly kind: 'keep'; readonly claim: ExternalPerson }
  | { readonly kind: 'assign'; readonly userId: string; readonly claim: ExternalPerson }
  /** No account in the list is mapped to a user: nothing changes, and the link's status says so. */
  | { readonly kind: 'unmapped'; readonly people: readonly ExternalPerson[] };

/**
 * Decides who is assigned. The list is the present state, not a change: an empty list unassigns;
 * the present assignee stays if it is in the list; otherwise the first account that is mapped to a
 * user is assigned (trackers list assignees in the order of assignment).
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
 * The link's `ours` after an external change. A person that was applied or kept becomes ours.
 * Earlier accounts stay ours until the next write removes them, since the list may be older than
 * our last write.
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
