import type { Actor } from '../../domain/actor.ts';
import type { Organization } from '../../domain/directory.ts';
import type { GroupId } from '../../domain/ids.ts';
import {
  type FollowersUse,
  followersWith,
  listsFollowers,
  needsFollowers,
} from '../../domain/issues/followers.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  changesAssignee,
  type GroupChanges,
  type GroupFacts,
} from '../../domain/issues/group-changes.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { CommitContext, GroupChangeStore } from '../../stores/issues/group-changes.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { Write } from '../../stores/transaction.ts';
import type { Clock, Count } from '../deps.ts';
import type { Initiator } from '../event-context.ts';
import type { RequireIssueState } from './require-issue-state.ts';

export type ChangeGroupDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly followers: Pick<FollowerStore, 'ofAssignments'>;
  readonly groupChanges: GroupChangeStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly count: Count;
};

/** Groups whose followers are read ahead of the rest: from before December 2026, a Query each. */
const READ_AHEAD = 100;

/**
 * `committed`: all changes are stored. `gone`: the group was deleted, or is being deleted.
 * `conflict`: others kept changing the group faster than this change could be decided; nothing of
 * it was done, and it is safe to ask again. `recorded`: its operation has done it already.
 */
export type ChangeOutcome =
  | { readonly kind: 'committed'; readonly changes: GroupChanges }
  | { readonly kind: 'gone' }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'conflict' };

/**
 * Changes one group: decides on what was read, commits everything in one transaction, and where the
 * rows have moved in between reads them again and decides again. `facts` are the group as it was
 * read; without them, it is read first. `requireState` throws where the group is not what the
 * request was made for, and answers what has to stay as it was read until the commit.
 */
export async function changeGroup(
  deps: ChangeGroupDeps,
  input: {
    readonly groupId: GroupId;
    readonly organization: Organization;
    readonly facts?: GroupFacts;
    /** What of it depends on who follows the group for holding it; nothing unless it says so. */
    readonly uses?: FollowersUse;
    readonly initiator: Initiator;
    readonly requireState?: RequireIssueState;
    /** What an operation records of the change, once: committed with it, or by itself. */
    readonly outcomeOf?: (changes: GroupChanges) => Write<'outcome'>;
  },
  decide: (facts: GroupFacts, now: string) => GroupChanges,
): Promise<ChangeOutcome> {
  const attemptChange = async (attempt: number): Promise<ChangeOutcome | typeof AGAIN> => {
    const known = attempt === 1 ? input.facts : undefined;
    const facts = known ?? (await readFacts(deps, input));
    if (facts === undefined) {
      return { kind: 'gone' };
    }
    const asRead = await input.requireState?.(facts);
    const changes = decide(facts, deps.clock());
    const outcome = await deps.groupChanges.commit(changes, contextOf(deps, input.initiator), {
      asRead,
      outcome: input.outcomeOf?.(changes),
    });
    if (!outcome.committed) {
      return outcome.refused.includes('outcome') ? { kind: 'recorded' } : AGAIN;
    }
    countAssigneeChange(deps.count, changes);
    return { kind: 'committed', changes };
  };
  return redecide(attemptChange, { exhausted: () => ({ kind: 'conflict' }) });
}

function contextOf(
  { newId, newEventId }: ChangeGroupDeps,
  { actingUserId, requestId, operationId }: Initiator,
): CommitContext {
  const actor: Actor | null = actingUserId === null ? null : { type: 'user', id: actingUserId };
  return { newId, newEventId, requestId, actor, operationId };
}

async function readFacts(
  deps: ChangeGroupDeps,
  input: {
    readonly groupId: GroupId;
    readonly organization: Organization;
    readonly uses?: FollowersUse;
  },
): Promise<GroupFacts | undefined> {
  const row = (await deps.groups.withAssignments([input.groupId])).get(input.groupId);
  if (row === undefined || !isVisible(row.group.status)) {
    return undefined;
  }
  return completeFacts(deps, row, input.organization, input.uses);
}

/**
 * Adds to a group's row what a change of it is decided on: its followers. One round trip, or none
 * where they are known with the assignment or nothing depends on them.
 */
export async function completeFacts(
  deps: Pick<ChangeGroupDeps, 'followers'>,
  row: AssignedGroupRow,
  organization: Organization,
  uses: FollowersUse = {},
): Promise<GroupFacts> {
  const [facts] = await completeAll(deps, [row], organization, () => uses);
  return facts ?? factsOf(row, organization, null);
}

/**
 * The same for many groups, by group. Of those from before December 2026 only the first, a Query
 * each: what is left is completed when it is changed.
 */
export async function completeAhead(
  deps: Pick<ChangeGroupDeps, 'followers'>,
  rows: readonly AssignedGroupRow[],
  organization: Organization,
  usesOf: (row: AssignedGroupRow) => FollowersUse,
): Promise<Map<string, GroupFacts>> {
  const isBefore = (row: AssignedGroupRow) =>
    needsFollowers(row.assignment, organization, usesOf(row)) && !listsFollowers(row.assignment);
  const later = new Set(rows.filter(isBefore).slice(READ_AHEAD));
  const ahead = rows.filter((row) => !later.has(row));
  const complete = await completeAll(deps, ahead, organization, usesOf);
  return new Map(complete.map((facts) => [facts.group.id, facts]));
}

async function completeAll(
  deps: Pick<ChangeGroupDeps, 'followers'>,
  rows: readonly AssignedGroupRow[],
  organization: Organization,
  usesOf: (row: AssignedGroupRow) => FollowersUse,
): Promise<GroupFacts[]> {
  const wanted = rows.flatMap((row) => {
    const { assignment } = row;
    const isNeeded = needsFollowers(assignment, organization, usesOf(row));
    return assignment !== null && isNeeded ? [assignment] : [];
  });
  const read = await deps.followers.ofAssignments(wanted);
  return rows.map((row) =>
    factsOf(row, organization, read.get(row.group.id) ?? followersWith(row.assignment)),
  );
}

function factsOf(
  { group, assignment, shareId }: AssignedGroupRow,
  organization: Organization,
  followers: readonly Actor[] | null,
): GroupFacts {
  return { group, organization, assignment, followers, shareId };
}

function countAssigneeChange(count: Count, changes: GroupChanges): void {
  if (!changesAssignee(changes)) {
    return;
  }
  const change = changes.assignment?.assignee ? 'assigned' : 'deassigned';
  count('group.assignee.change', { change });
}
