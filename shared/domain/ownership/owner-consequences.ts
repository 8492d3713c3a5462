import type { Actor } from '../actor.ts';
import { sameActor } from '../actor.ts';
import { firstCodePoints, isLongerThan } from '../code-points.ts';
import type { GroupOwner } from './auto-assignment.ts';
import type { SuggestedOwner } from './evaluate.ts';
import type { Gate } from './gates.ts';

/**
 * What happens to a group's owners by rule: they stay, are removed, or are replaced by an
 * evaluation.
 */
export type OwnersConsequence = 'keep' | 'remove' | 'evaluate';

/** The user who is the author of a suspect commit. */
export type SuspectOwner = { readonly actor: Actor; readonly commitId: string | null };

/** The most owners that rules suggest for a group, and the longest stored text of a rule. */
const MOST_SUGGESTED = 100;
const LONGEST_RULE = 2_000;

/**
 * The consequence of the first gate that stopped, so that it does not depend on which later gates
 * were checked.
 */
export function consequenceOf(gates: readonly Gate[]): OwnersConsequence {
  const first = gates.find(({ stopped }) => stopped);
  if (first === undefined) {
    return 'evaluate';
  }
  return first.gate === 'killSwitch' ? 'remove' : 'keep';
}

/**
 * Whether an event leads to an auto-assignment: its owners were evaluated or removed, or a commit
 * added one.
 */
export function leadsToAssignment(consequence: OwnersConsequence, newSuspects: number): boolean {
  return consequence !== 'keep' || newSuspects > 0;
}

/** The suspects that are not yet among the owners by commit, each once. */
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
 * A group's owners after an event. Authors of commits stay, and new ones are added. Owners by rule
 * stay, are removed or are replaced. A replacement with the same owners keeps the stored rows.
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

/**
 * Cuts the text of the rule: it may name thousands of owners, and would be stored with each of
 * them.
 */
function keepable(owner: SuggestedOwner): SuggestedOwner {
  return isLongerThan(owner.rule, LONGEST_RULE)
    ? { ...owner, rule: `${firstCodePoints(owner.rule, LONGEST_RULE)}...` }
    : owner;
}

/** The dates are a millisecond apart, so that their order is the order in which the owners won. */
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
