import type { Actor } from '../actor.ts';
import { sameActor } from '../actor.ts';
import { firstCodePoints, isLongerThan } from '../code-points.ts';
import type { TeamId } from '../ids.ts';
import type { GroupOwner } from './auto-assignment.ts';
import type { OwnershipEvaluation, SuggestedOwner } from './evaluate.ts';
import type { Gate } from './gates.ts';

/**
 * What the gates before an evaluation leave to do with a group's owners by rule: nothing, remove
 * them, or put those in their place that the rules suggest now.
 */
export type OwnersConsequence = 'keep' | 'remove' | 'evaluate';

/** An author of a suspect commit who has been found here. */
export type SuspectOwner = { readonly actor: Actor; readonly commitId: string | null };

/** So many people are suggested by rules at once, and so long is a rule's text kept. */
const MOST_SUGGESTED = 100;
const LONGEST_RULE = 2_000;

/**
 * The first gate that stops decides, so that it is the same whether or not the gates behind it were
 * asked.
 */
export function consequenceOf(gates: readonly Gate[]): OwnersConsequence {
  const first = gates.find(({ stopped }) => stopped);
  if (first === undefined) {
    return 'evaluate';
  }
  return first.gate === 'killSwitch' ? 'remove' : 'keep';
}

/**
 * Whether an event leads to an attempt to assign: where its owners were looked at anew, or a commit
 * has just named one.
 */
export function leadsToAssignment(consequence: OwnersConsequence, newSuspects: number): boolean {
  return consequence !== 'keep' || newSuspects > 0;
}

/** The team that owns an event by rules: the first one among the owners of the rule that wins. */
export function teamOfWinner({ rules }: Pick<OwnershipEvaluation, 'rules'>): TeamId | null {
  const winner = rules.find(
    ({ excluded, owners }) => !excluded && owners.some(({ actor }) => actor !== null),
  );
  const teams = winner?.owners.flatMap(({ actor }) => (actor?.type === 'team' ? [actor] : []));
  return teams?.[0]?.id ?? null;
}

/** The authors of commits who are not suggested for a commit yet, each once. */
export function newSuspectsAmong(
  suspects: readonly SuspectOwner[],
  owners: readonly GroupOwner[],
): SuspectOwner[] {
  const known = owners.filter(({ type }) => type === 'suspectCommit').map(({ actor }) => actor);
  return suspects.filter(({ actor }, index) => {
    const before = [...known, ...suspects.slice(0, index).map((suspect) => suspect.actor)];
    return !before.some((other) => sameActor(actor, other));
  });
}

/**
 * A group's owners after an event: authors of commits stay and are joined by new ones, owners by
 * rule stay, go, or are replaced. Owners that a replacement would only repeat are kept as they are.
 */
export function ownersAfter<Owner extends GroupOwner>(
  before: readonly Owner[],
  {
    consequence,
    suggested,
    suspects,
    now,
  }: {
    readonly consequence: OwnersConsequence;
    readonly suggested: readonly SuggestedOwner[];
    readonly suspects: readonly SuspectOwner[];
    readonly now: string;
  },
): (Owner | GroupOwner)[] {
  const byCommit = before.filter(({ type }) => type === 'suspectCommit');
  const byRule = before.filter(({ type }) => type !== 'suspectCommit');
  const joining = newSuspectsAmong(suspects, before).map(
    ({ actor }): GroupOwner => ({ type: 'suspectCommit', actor, rule: null, dateAdded: now }),
  );
  const owners = [...byCommit, ...joining];
  if (consequence === 'keep') {
    return [...owners, ...byRule];
  }
  if (consequence === 'remove') {
    return owners;
  }
  const kept = suggested.slice(0, MOST_SUGGESTED).map(keepable);
  if (areSame(byRule, kept)) {
    return [...owners, ...byRule];
  }
  return [...owners, ...kept.map((owner, rank) => addedAt(owner, now, rank))];
}

/** A line may name thousands of owners, and every one of them would be kept with all of it. */
function keepable(owner: SuggestedOwner): SuggestedOwner {
  return isLongerThan(owner.rule, LONGEST_RULE)
    ? { ...owner, rule: `${firstCodePoints(owner.rule, LONGEST_RULE)}...` }
    : owner;
}

/** Each a millisecond after the one before: their age tells in which order they won. */
function addedAt(owner: SuggestedOwner, now: string, rank: number): GroupOwner {
  return { ...owner, dateAdded: new Date(Date.parse(now) + rank).toISOString() };
}

function areSame(before: readonly GroupOwner[], suggested: readonly SuggestedOwner[]): boolean {
  const byAge = [...before].sort((a, b) => Date.parse(a.dateAdded) - Date.parse(b.dateAdded));
  return (
    byAge.length === suggested.length &&
    byAge.every(({ type, actor, rule }, rank) => {
      const other = suggested[rank];
      return other?.type === type && other.rule === rule && sameActor(actor, other.actor);
    })
  );
}
