import { type Actor, sameActor } from '../actor.ts';
import { type Gate, manualGate, settingGate } from './gates.ts';
import type { AutoAssignment } from './settings.ts';

/** Why someone is suggested for an issue. */
export type GroupOwnerType = 'suspectCommit' | 'ownershipRule' | 'codeowners';

/** Someone who is suggested for an issue. `dateAdded` is ISO 8601 in UTC. */
export type GroupOwner = {
  readonly type: GroupOwnerType;
  readonly actor: Actor | null;
  readonly rule: string | null;
  readonly dateAdded: string;
};

/** What the assignment's activity tells of where it came from. */
type AutoAssignmentDetails =
  | { readonly integration: 'suspectCommitter' }
  | { readonly integration: 'projectOwnership' | 'codeowners'; readonly rule: string };

export type AutoAssignmentVerdict =
  | {
      readonly verdict: 'assign';
      readonly actor: Actor;
      readonly owner: GroupOwner;
      /** An assignee that is already there stays. */
      readonly createOnly: boolean;
      readonly forceAutoassign: boolean;
      readonly extra: AutoAssignmentDetails;
      /** The analytics event to send if the assignment is new or replaces one. */
      readonly analytics:
        | 'suspectcommit.assignment'
        | 'issueowners.assignment'
        | 'codeowners.assignment';
    }
  | {
      readonly verdict: 'stop';
      readonly reason: 'setting' | 'noCandidate' | 'ownerGone' | 'manual' | 'alreadyAssigned';
    };

/**
 * Decides whether an issue assigns itself, and to whom: the candidate is the first owner of a type
 * that the project's setting allows: a commit's author before owners by rule, and these in the
 * order in which their rules won. Anything a person decided stays, unless `force` says otherwise.
 * `gates` are the two that were asked, both of them whatever the verdict.
 */
export function decideAutoAssignment({
  settings,
  owners,
  exists,
  latestAssignment,
  assignee,
  force = false,
}: {
  readonly settings: AutoAssignment;
  readonly owners: readonly GroupOwner[];
  /** Whether an owner is still there to be assigned to. */
  readonly exists: (actor: Actor) => boolean;
  readonly latestAssignment: { readonly integration: string | null } | null;
  readonly assignee: Actor | null;
  readonly force?: boolean;
}): { readonly verdict: AutoAssignmentVerdict; readonly gates: readonly Gate[] } {
  const setting = settingGate(settings);
  const manual = manualGate(latestAssignment, force);
  const gates = [setting, manual];
  const stop = (reason: Extract<AutoAssignmentVerdict, { verdict: 'stop' }>['reason']) => ({
    verdict: { verdict: 'stop', reason } as const,
    gates,
  });

  if (setting.stopped) {
    return stop('setting');
  }
  const candidate = firstCandidate(owners, settings);
  if (!candidate) {
    return stop('noCandidate');
  }
  const { owner, actor } = candidate;
  if (!exists(actor)) {
    return stop('ownerGone');
  }
  if (manual.stopped) {
    return stop('manual');
  }
  if (sameActor(actor, assignee)) {
    return stop('alreadyAssigned');
  }
  const verdict = {
    verdict: 'assign',
    actor,
    owner,
    createOnly: !force,
    forceAutoassign: force,
    ...consequencesOf(owner),
  } as const;
  return { verdict, gates };
}

function firstCandidate(
  owners: readonly GroupOwner[],
  settings: AutoAssignment,
): { owner: GroupOwner; actor: Actor } | undefined {
  return owners
    .flatMap((owner) => {
      const { actor } = owner;
      return actor && isAllowed(owner.type, settings) ? [{ owner, actor }] : [];
    })
    .sort((a, b) => byTypeThenAge(a.owner, b.owner))[0];
}

function isAllowed(type: GroupOwnerType, settings: AutoAssignment): boolean {
  return type === 'suspectCommit'
    ? settings.suspectCommitterAutoAssignment
    : settings.autoAssignment;
}

/**
 * Owners by rule are as old as their rules' rank makes them, whether the rule is the project's or a
 * CODEOWNERS line.
 */
function byTypeThenAge(a: GroupOwner, b: GroupOwner): number {
  const isByRule = ({ type }: GroupOwner) => Number(type !== 'suspectCommit');
  return isByRule(a) - isByRule(b) || Date.parse(a.dateAdded) - Date.parse(b.dateAdded);
}

function consequencesOf({ type, rule }: GroupOwner) {
  switch (type) {
    case 'suspectCommit':
      return {
        extra: { integration: 'suspectCommitter' },
        analytics: 'suspectcommit.assignment',
      } as const;
    case 'ownershipRule':
      return {
        extra: { integration: 'projectOwnership', rule: rule ?? '' },
        analytics: 'issueowners.assignment',
      } as const;
    case 'codeowners':
      return {
        extra: { integration: 'codeowners', rule: rule ?? '' },
        analytics: 'codeowners.assignment',
      } as const;
  }
}
