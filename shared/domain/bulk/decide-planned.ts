import { type Actor, formatActor } from '../actor.ts';
import type { Assignee } from '../issues/assignee.ts';
import {
  changesRows,
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../issues/group-changes.ts';
import type { StatusRequest } from '../issues/group-status.ts';
import {
  decideGroupUpdate,
  type GroupUpdate,
  type GroupUpdateContext,
} from '../issues/group-update.ts';
import { familiesOf, type PlannedIssue } from './forecast.ts';
import {
  type Family,
  familiesBetween,
  type IssueRows,
  type NotedState,
  noteState,
  versionsOf,
} from './noted-state.ts';
import type { IssueOutcome, OutcomeReason, RecordedOutcome } from './outcome.ts';
import { restoreHolder, restoreOwner, restoreStatus } from './restore.ts';

/** What applying a plan makes of an issue, and what is recorded of it. */
export type PlannedVerdict = {
  readonly changes: GroupChanges;
  readonly recorded: Omit<RecordedOutcome, 'groupId' | 'projectId'>;
};

type Context = Omit<GroupUpdateContext, 'actsAsMember' | 'shareId'>;

/** Whether one of the parts has changed since an issue was planned. */
export function hasMoved(
  rows: IssueRows,
  { versions }: Pick<PlannedIssue, 'versions'>,
  about: readonly Family[],
): boolean {
  const present = versionsOf(rows);
  return about.some((family) => present[family] !== versions[family]);
}

/**
 * The status that a plan asks for an issue, with the release that it was planned with: which one is
 * the latest, and which the next one comes after, may be another by now.
 */
export function withPlannedRelease(
  request: StatusRequest,
  { after: { statusDetails, review } }: Pick<PlannedIssue, 'after'>,
): StatusRequest {
  const { resolvedIn } = request;
  const version = statusDetails?.inRelease;
  const newestOfProject = review?.resolvedAfter;
  if (resolvedIn?.kind === 'release') {
    return typeof version === 'string'
      ? { ...request, resolvedIn: { ...resolvedIn, version } }
      : request;
  }
  return resolvedIn !== null && newestOfProject
    ? { ...request, resolvedIn: { ...resolvedIn, newestOfProject } }
    : request;
}

/** Does to an issue what a plan says, unless one of the parts that it is about has moved since. */
export function decidePlannedUpdate(
  facts: GroupFacts,
  planned: PlannedIssue,
  update: GroupUpdate,
  context: Context,
): PlannedVerdict {
  const about = familiesOf(update);
  const untouched = startChanges(facts, context);
  if (hasMoved(facts, planned, about)) {
    return leftAlone(untouched, 'drifted', 'moved');
  }
  const changes = decideGroupUpdate(facts, update, {
    ...context,
    actsAsMember: false,
    shareId: '',
  });
  return changesRows(changes) ? applied(changes, about) : leftAlone(untouched, 'unchanged', null);
}

/**
 * Brings an issue back to what it was before an operation, in the parts that this had changed. It
 * is left alone where one of them has moved since, where an archive or a lease would have ended by
 * now, and where whom it would go back to cannot be assigned any more.
 */
export function decideTakeBack(
  facts: GroupFacts,
  planned: PlannedIssue,
  assigneeOf: (actor: Actor) => Assignee | null,
  context: Context,
): PlannedVerdict {
  const { before, after } = planned;
  const about = familiesBetween(before, after);
  const untouched = startChanges(facts, context);
  const obstacle = obstacleOf(facts, planned, about, { assigneeOf, now: context.now });
  if (obstacle !== null) {
    return leftAlone(untouched, 'skipped', obstacle);
  }
  const steps: Readonly<Record<Family, (changes: GroupChanges) => GroupChanges>> = {
    status: (changes) => restoreStatus(changes, after),
    assignment: (changes) => restoreHolder(changes, after, assigneeOf),
    ownerTeam: (changes) => restoreOwner(changes, after),
  };
  const changes = about.reduce((changed, family) => steps[family](changed), untouched);
  return changesRows(changes) ? applied(changes, about) : leftAlone(untouched, 'unchanged', null);
}

/** Why an issue is not brought back; null where it is. */
function obstacleOf(
  facts: GroupFacts,
  planned: PlannedIssue,
  about: readonly Family[],
  {
    assigneeOf,
    now,
  }: { readonly assigneeOf: (actor: Actor) => Assignee | null; readonly now: string },
): OutcomeReason | null {
  if (hasMoved(facts, planned, about) || hasOtherLease(facts, planned, about)) {
    return 'moved';
  }
  const goal = onlyOf(planned.after, about);
  const ends = [goal.statusDetails?.ignoreUntil, goal.holder?.lease?.expiresAt];
  if (ends.some((end) => typeof end === 'string' && end <= now)) {
    return 'ended';
  }
  const named = [goal.assignedTo, goal.ownerTeam].flatMap((actor) => actor ?? []);
  return named.some((actor) => assigneeOf(actor) === null) ? 'not_assignable' : null;
}

/** A lease is renewed without a new version of its assignment. */
function hasOtherLease(
  facts: GroupFacts,
  { before }: PlannedIssue,
  about: readonly Family[],
): boolean {
  const { holder } = noteState(facts, about);
  return holder !== undefined && holder.lease?.expiresAt !== before.holder?.lease?.expiresAt;
}

/** The parts of a state that are looked at. */
function onlyOf(state: NotedState, about: readonly Family[]): NotedState {
  const { assignedTo, holder, ownerTeam, statusDetails } = state;
  return {
    ...(about.includes('assignment') && assignedTo !== undefined && { assignedTo }),
    ...(about.includes('assignment') && holder !== undefined && { holder }),
    ...(about.includes('ownerTeam') && ownerTeam !== undefined && { ownerTeam }),
    ...(about.includes('status') && statusDetails !== undefined && { statusDetails }),
  };
}

/** Whom planned issues would go back to, each once. */
export function actorsTakenBack(planned: readonly PlannedIssue[]): Actor[] {
  const actors = planned.flatMap(({ after }) =>
    [after.assignedTo, after.ownerTeam].flatMap((actor) => actor ?? []),
  );
  return [...new Map(actors.map((actor) => [formatActor(actor), actor])).values()];
}

function applied(changes: GroupChanges, about: readonly Family[]): PlannedVerdict {
  return {
    changes,
    recorded: {
      outcome: 'applied',
      reason: null,
      before: noteState(changes.facts, about),
      after: noteState(changes, about),
      versions: versionsOf(changes),
    },
  };
}

function leftAlone(
  changes: GroupChanges,
  outcome: IssueOutcome,
  reason: OutcomeReason | null,
): PlannedVerdict {
  return { changes, recorded: { outcome, reason, before: null, after: null } };
}
