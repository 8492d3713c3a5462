import type { Actor } from '../../actor.ts';
import { sameActor } from '../../actor.ts';
import type { Assignment } from '../../issues/assignee.ts';
import {
  type AutoAssignmentVerdict,
  decideAutoAssignment,
  type GroupOwner,
} from '../auto-assignment.ts';
import type { OwnershipEvaluation } from '../evaluate.ts';
import { ownersAfter } from '../owner-consequences.ts';
import type { AutoAssignment } from '../settings.ts';

/** What decides about an open issue when the rules of its project are reconciled with it. */
export type ReconciledIssue = {
  /** What the rules say of the newest event that is kept of the issue. */
  readonly evaluation: OwnershipEvaluation;
  readonly assignment: Assignment | null;
  /** Whoever is suggested for the issue; empty where nobody needs to know. */
  readonly owners: readonly GroupOwner[];
};

/** What project and organization say, of every issue alike. */
export type ReconcileSettings = {
  readonly settings: AutoAssignment;
  readonly isSwitchedOff: boolean;
};

/**
 * What comes of an issue. It moves by its next event, or when its project is reconciled; where
 * somebody else's choice stands, `by` is null and it does not. Rules that give it to nobody leave
 * it to its holder.
 */
export type ReconcileVerdict =
  | { readonly kind: 'unchanged' | 'unowned' }
  | {
      readonly kind: 'moved';
      readonly from: Actor | null;
      readonly to: Actor;
      readonly rule: string | null;
      readonly by: 'event' | 'reconcile' | null;
      /** What a reconciliation assigns it by. */
      readonly how: Extract<AutoAssignmentVerdict, { verdict: 'assign' }>;
    };

/** Decides whether an open issue goes to the owner that the rules give it, and how. */
export function decideReconcile(
  { evaluation, assignment, owners }: ReconciledIssue,
  { settings, isSwitchedOff }: ReconcileSettings,
  now: string,
): ReconcileVerdict {
  if (evaluation.winner === null) {
    return { kind: 'unowned' };
  }
  const from = assignment?.assignee ?? null;
  const { verdict } = decideAutoAssignment({
    settings,
    // An author who was suspected after rules had given the issue away does not take it from them.
    owners: ownersAfter(from === null ? owners : [], {
      consequence: 'evaluate',
      suggested: evaluation.owners,
      suspects: [],
      now,
    }),
    exists: () => true,
    latestAssignment: null,
    assignee: from,
    force: true,
  });
  if (isSwitchedOff || verdict.verdict === 'stop') {
    return { kind: 'unchanged' };
  }
  const { actor: to, owner } = verdict;
  const by = wayOf(assignment, owners);
  return { kind: 'moved', from, to, rule: owner.rule, by, how: verdict };
}

/** Null where a person, a tracker or a commit has decided. */
function wayOf(
  assignment: Assignment | null,
  owners: readonly GroupOwner[],
): 'event' | 'reconcile' | null {
  if (assignment === null || assignment.assignee === null) {
    return assignment?.lastAssignedManually === true ? null : 'event';
  }
  return isAssignedByRule(assignment, owners) ? 'reconcile' : null;
}

/**
 * Whether a rule has assigned an issue to its holder. Rows from before December 2026 do not say
 * whether it was a rule or a suspect commit: there it was the commit that suggests the holder.
 */
function isAssignedByRule(assignment: Assignment, owners: readonly GroupOwner[]): boolean {
  const { assignee, assignedBy, source, lastAssignedManually } = assignment;
  if (assignee === null || source !== 'auto' || lastAssignedManually === true) {
    return false;
  }
  if (assignedBy !== undefined) {
    return assignedBy !== 'suspectCommitter';
  }
  return !owners.some(({ type, actor }) => type === 'suspectCommit' && sameActor(actor, assignee));
}

/** Whether whoever is suggested has to be read before an issue can be decided about. */
export function needsOwners(assignment: Assignment | null, settings: AutoAssignment): boolean {
  if (assignment === null || assignment.assignee === null) {
    return settings.suspectCommitterAutoAssignment;
  }
  return assignment.source === 'auto' && assignment.assignedBy === undefined;
}

/** What a reconciliation does with an issue: gives it to somebody, or lets it stay, and why. */
export type Reconciliation =
  | ({ readonly kind: 'move' } & Pick<Moved, 'from' | 'to' | 'how'>)
  | {
      readonly kind: 'stay';
      readonly outcome: 'unchanged' | 'skipped';
      readonly reason: 'chosen' | 'unowned' | 'without_event' | null;
    };

type Moved = Extract<ReconcileVerdict, { kind: 'moved' }>;

/** What follows from a verdict; null is that of an issue without an event to try rules on. */
export function reconciliationOf(verdict: ReconcileVerdict | null): Reconciliation {
  if (verdict === null) {
    return { kind: 'stay', outcome: 'skipped', reason: 'without_event' };
  }
  if (verdict.kind === 'moved') {
    const { from, to, how, by } = verdict;
    return by === null
      ? { kind: 'stay', outcome: 'skipped', reason: 'chosen' }
      : { kind: 'move', from, to, how };
  }
  const reason = verdict.kind === 'unowned' ? 'unowned' : null;
  return { kind: 'stay', outcome: 'unchanged', reason };
}
