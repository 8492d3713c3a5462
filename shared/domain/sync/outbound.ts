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
 * What happens when the tracker shows another state than the one that was synced. `repair` writes
 * our state again: for traces of our own writes (the webhook of a stalled worker, a redelivered
 * message). `adopt` applies it as a change whose webhook was lost: for the sweeper and every other
 * comparison.
 */
export type OnDrift = 'repair' | 'adopt';

/** What a worker does after it has read the external issue. */
export type OutboundDecision =
  /** The tracker shows the goal already, or should stay as it is. */
  | ({ readonly kind: 'inSync' } & LinkUpdate)
  | ({ readonly kind: 'write'; readonly change: SlotChange } & LinkUpdate)
  /** Apply the state that was read by the inbound rules. */
  | { readonly kind: 'adopt' }
  /**
   * The forward direction is switched off: remember the state that was seen, and mark no version as
   * synced.
   */
  | { readonly kind: 'observe' }
  /**
   * The state is older than one that was seen before: it comes from a lagging replica. Read again.
   */
  | { readonly kind: 'reread' }
  /** Only a later read can tell whether the issue was changed right after our write. */
  | { readonly kind: 'wait'; readonly delayMs: number };

type LinkUpdate = {
  /** The link's new `ours`. */
  readonly ours: readonly ExternalPerson[];
  readonly linkStatus: 'ok' | 'unmapped';
  /** A write of another worker may still arrive: verify once more when it must be over. */
  readonly verifyLater: boolean;
};

/** The assignee that the tracker should show, given the account that is mapped to the user. */
export function slotGoal(
  assignee: { readonly type: 'user' | 'team' } | null,
  mapped: ExternalPerson | null,
  policies: Pick<SyncConfig, 'teamPolicy' | 'unmappedPolicy'>,
): SlotGoal {
  if (assignee === null) {
    return { kind: 'nobody' };
  }
  // Accounts that are mapped to teams serve CODEOWNERS only: trackers assign issues to people.
  if (assignee.type === 'team') {
    return { kind: 'unmapped', policy: policies.teamPolicy };
  }
  return mapped === null
    ? { kind: 'unmapped', policy: policies.unmappedPolicy }
    : { kind: 'person', person: mapped };
}

type OutboundFacts = {
  readonly version: number;
  /** This version was applied from this issue, which may have changed since. */
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
 * the external issue. It compares the desired state with the actual one, and never uses the content
 * of a message. So the outcome is the same if messages were lost, duplicated or late.
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
    verifyLater: link.inflight !== null,
  };
  return isEmpty(change) ? { kind: 'inSync', ...update } : { kind: 'write', change, ...update };
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
 * Says which part of a write the tracker did not do; null where it did everything. GitHub silently
 * drops people who cannot be assigned, so only the issue in its answer shows whether they were.
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

/** The write of a decision: for a dry run. */
export function planOf(decision: OutboundDecision): SlotChange {
  return decision.kind === 'write' ? decision.change : noChange;
}

/**
 * The first direction of a new link to an existing issue: its assignee is applied here if nobody is
 * assigned here; otherwise ours is written there.
 */
export function directionAtLinkTime(facts: {
  readonly assignedHere: boolean;
  readonly assignedThere: boolean;
  readonly reverse: boolean;
}): 'adopt' | 'push' {
  return !facts.assignedHere && facts.assignedThere && facts.reverse ? 'adopt' : 'push';
}

/** Whether a difference can be a change by somebody else: none of our own writes is on its way. */
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
  return { kind: 'inSync', ours: link.ours, linkStatus, verifyLater: false };
}

function everythingOfOurs(link: LinkState): readonly ExternalPerson[] {
  const add = link.inflight?.add ?? null;
  return add === null ? link.ours : [...link.ours, add];
}

/** The goal, and the person whom an unfinished write may still assign. */
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
 * Whether people changed the issue since the last sync. A new person means yes, unless the goal is
 * still assigned. A missing goal means yes, unless one of our own accounts is assigned, which a
 * late write of ours may have put there.
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
