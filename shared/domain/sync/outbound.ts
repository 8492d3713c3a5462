import type { Assignment } from '../issues/assignee.ts';
import type { SyncConfig } from './config.ts';
import {
  type ExternalIssue,
  type ExternalPerson,
  includesPerson,
  type ProviderTraits,
  samePeople,
  samePerson,
} from './external-issue.ts';
import { compareExternalVersions, mayPrecedeOwnWrite, REPLICA_LAG_MS } from './external-version.ts';
import type { LinkState } from './link-state.ts';
import { isEmpty, noChange, type SlotChange, type SlotGoal, slotChange } from './slot.ts';

/**
 * What to do when the tracker shows something else than was synced. `repair` writes our state
 * again: for traces of our own (the echo of a stalled worker, a redelivered message). `adopt` takes
 * it as somebody's change whose webhook got lost: for the sweeper and every other look.
 */
export type OnDrift = 'repair' | 'adopt';

/** What a worker does after it has read the external issue. */
export type OutboundDecision =
  /** The tracker shows it already, or should stay as it is. */
  | ({ readonly kind: 'inSync' } & LinkUpdate)
  | ({ readonly kind: 'write'; readonly change: SlotChange } & LinkUpdate)
  /** Feed what was read to the inbound rules. */
  | { readonly kind: 'adopt' }
  /** The way out is switched off: remember what was seen, write nothing. */
  | { readonly kind: 'observe' }
  /** The answer is older than what was seen before: a lagging replica. Read again. */
  | { readonly kind: 'reread' }
  /** Whether somebody changed the issue right after us can only be told later: read again then. */
  | { readonly kind: 'wait'; readonly delayMs: number };

type LinkUpdate = {
  /** The link's `ours` from now on. */
  readonly ours: readonly ExternalPerson[];
  readonly linkStatus: 'ok' | 'unmapped';
  /**
   * A write of another worker that may still land: the link keeps it until the last look, which is
   * asked for now. Until then a difference is no news, since it may be that write's.
   */
  readonly inflight: LinkState['inflight'];
};

/**
 * Whom the tracker should show, given the account (if any) that stands for the user. Whose
 * assignment ended by itself, as they may not hold the issue or no longer, is not left there,
 * whatever the policies say.
 */
export function slotGoal(
  assignment: Pick<Assignment, 'assignee' | 'followsEnd'> | null,
  mapped: ExternalPerson | null,
  policies: Pick<SyncConfig, 'teamPolicy' | 'unmappedPolicy'>,
): SlotGoal {
  const assignee = assignment?.assignee ?? null;
  if (assignee === null) {
    return { kind: 'nobody' };
  }
  // An account that is mapped to a team serves CODEOWNERS; issues are held by people.
  if (assignee.type === 'user' && mapped !== null) {
    return { kind: 'person', person: mapped };
  }
  const policy = assignee.type === 'team' ? policies.teamPolicy : policies.unmappedPolicy;
  return { kind: 'unmapped', policy: assignment?.followsEnd === undefined ? policy : 'clear' };
}

type OutboundFacts = {
  readonly version: number;
  /** This version was taken over from this very issue, which may have moved on since. */
  readonly cameFromHere: boolean;
  readonly goal: SlotGoal;
  readonly link: LinkState;
  readonly issue: ExternalIssue;
  readonly traits: ProviderTraits;
  readonly forward: boolean;
  readonly reverse: boolean;
  readonly onDrift: OnDrift;
  readonly nowMs: number;
};

/**
 * Decides about one link from a consistent read of the assignment (`version`, `goal`), the link and
 * the external issue. Desired state against actual state, never the content of a message: whatever
 * was lost, doubled or late, the outcome is the same.
 */
export function decideOutbound(facts: OutboundFacts): OutboundDecision {
  const { link, issue, traits } = facts;
  const lastSeen = link.lastExternal?.externalVersion ?? null;
  if (compareExternalVersions(issue.externalVersion, lastSeen) === 'older') {
    return { kind: 'reread' };
  }
  if (!facts.forward) {
    const drifted = facts.reverse && !isAsLastSeen(link, issue, traits);
    return { kind: drifted ? 'adopt' : 'observe' };
  }
  const goal = goalOf(facts);
  if (mayBeNews(facts) && isNews(goal, link, issue, traits)) {
    return decideNews(facts, goal);
  }
  const change = slotChange(issue.assignees, everythingOfOurs(link), goal, traits);
  const update: LinkUpdate = {
    ours: oursAfter(goal, link, issue, traits),
    linkStatus: goal.kind === 'unmapped' ? 'unmapped' : 'ok',
    inflight: inflightAfter(facts),
  };
  return isEmpty(change) ? { kind: 'inSync', ...update } : { kind: 'write', change, ...update };
}

/** A write that may still land; none after the look that was asked for when it must be over. */
function inflightAfter({ onDrift, version, link }: OutboundFacts): LinkState['inflight'] {
  const isLastLook = onDrift === 'repair' && version <= link.syncedVersion;
  return isLastLook ? null : link.inflight;
}

/** The goal; nothing is written while the link is held at this version of the assignment. */
function goalOf({ link, version, goal }: OutboundFacts): SlotGoal {
  const isHeld = link.heldVersion !== null && link.heldVersion >= version;
  return isHeld ? { kind: 'unmapped', policy: 'keep' } : goal;
}

/**
 * Decides about a change that people made in the tracker. With the forward direction only it stays
 * until the assignment changes here: if two groups shared a ticket and each wrote its assignee
 * back, they would overwrite each other for ever.
 */
function decideNews({ link, issue, reverse, nowMs }: OutboundFacts, goal: SlotGoal) {
  if (!reverse) {
    return leave(link, goal);
  }
  const isUncertain = mayPrecedeOwnWrite(issue.externalVersion, link.lastWrittenVersion, nowMs);
  return isUncertain
    ? ({ kind: 'wait', delayMs: REPLICA_LAG_MS } as const)
    : ({ kind: 'adopt' } as const);
}

/**
 * Whether the tracker did what it was asked: GitHub drops people who cannot be assigned without
 * saying so, so its answer is the only witness. Returns a sentence, or null when all is well.
 */
export function refusalIn(
  change: SlotChange,
  after: Pick<ExternalIssue, 'assignees'>,
  traits: ProviderTraits,
): string | null {
  const missing = change.add.find((one) => !includesPerson(after.assignees, one, traits));
  if (missing !== undefined) {
    return `The tracker did not assign ${missing.externalName}. Check whether the account may be assigned to the issue.`;
  }
  const stuck = change.remove.find((one) => includesPerson(after.assignees, one, traits));
  return stuck === undefined ? null : `The tracker did not unassign ${stuck.externalName}.`;
}

/** What would be written now: the dry run of a decision. */
export function planOf(decision: OutboundDecision): SlotChange {
  return decision.kind === 'write' ? decision.change : noChange;
}

/**
 * Linking an issue that exists: its assignee comes here when nobody is assigned here, else ours
 * goes there.
 */
export function directionAtLinkTime(facts: {
  readonly assignedHere: boolean;
  readonly assignedThere: boolean;
  readonly reverse: boolean;
}): 'adopt' | 'push' {
  return !facts.assignedHere && facts.assignedThere && facts.reverse ? 'adopt' : 'push';
}

/** Whether a difference would be somebody else's doing: nothing of ours is on its way there. */
function mayBeNews({
  version,
  cameFromHere,
  link,
  onDrift,
}: Pick<OutboundFacts, 'version' | 'cameFromHere' | 'link' | 'onDrift'>): boolean {
  if (link.inflight !== null) {
    return false;
  }
  return version > link.syncedVersion ? cameFromHere : onDrift === 'adopt';
}

function leave(link: LinkState, goal: SlotGoal): OutboundDecision {
  const linkStatus = goal.kind === 'unmapped' ? 'unmapped' : 'ok';
  return { kind: 'inSync', ours: link.ours, linkStatus, inflight: null };
}

function everythingOfOurs(link: LinkState): readonly ExternalPerson[] {
  const add = link.inflight?.add ?? null;
  return add === null ? link.ours : [...link.ours, add];
}

/** The goal, and whoever a write that may still be on its way could put there. */
function oursAfter(
  goal: SlotGoal,
  link: LinkState,
  issue: ExternalIssue,
  traits: ProviderTraits,
): readonly ExternalPerson[] {
  if (goal.kind === 'unmapped' && goal.policy === 'keep') {
    return everythingOfOurs(link);
  }
  const held =
    goal.kind === 'person'
      ? [issue.assignees.find((one) => samePerson(one, goal.person, traits)) ?? goal.person]
      : [];
  const add = link.inflight?.add ?? null;
  return add === null || includesPerson(held, add, traits) ? held : [...held, add];
}

/**
 * Whether people changed something since we synced. Somebody new is news, unless the goal is still
 * there; a goal that is gone is news, unless an account is assigned there that a late write of our
 * own may have put in its place.
 */
function isNews(
  goal: SlotGoal,
  link: LinkState,
  issue: ExternalIssue,
  traits: ProviderTraits,
): boolean {
  const { assignees } = issue;
  if (goal.kind === 'person' && includesPerson(assignees, goal.person, traits)) {
    return false;
  }
  const known = [...(link.lastExternal?.assignees ?? assignees), ...link.ours];
  const newcomer = assignees.some((one) => !includesPerson(known, one, traits));
  const late = assignees.some((one) => includesPerson(link.ours, one, traits));
  return newcomer || (goal.kind === 'person' && !late);
}

function isAsLastSeen(link: LinkState, issue: ExternalIssue, traits: ProviderTraits): boolean {
  return (
    link.lastExternal === null || samePeople(issue.assignees, link.lastExternal.assignees, traits)
  );
}
