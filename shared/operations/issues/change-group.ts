import type { Actor } from '../../domain/actor.ts';
import type { Organization } from '../../domain/directory.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  changesAssignee,
  type GroupChanges,
  type GroupFacts,
} from '../../domain/issues/group-changes.ts';
import type { Subscription } from '../../domain/issues/subscription.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { GroupChangeStore } from '../../stores/issues/group-changes.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { Clock, Count } from '../deps.ts';
import type { Initiator } from '../event-context.ts';
import type { RequireIssueState } from './require-issue-state.ts';

export type ChangeGroupDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofFollowers' | 'ofGroup'>;
  readonly groupChanges: GroupChangeStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly count: Count;
};

/** Groups that are read by themselves at the same time, and how many of them ahead of the rest. */
const WIDTH = 32;
const READ_AHEAD = 100;

/**
 * `committed`: all changes are stored. `gone`: the group was deleted, or is being deleted.
 * `conflict`: others kept changing the group faster than this change could be decided; nothing of
 * it was done, and it is safe to ask again.
 */
export type ChangeOutcome =
  | { readonly kind: 'committed'; readonly changes: GroupChanges }
  | { readonly kind: 'gone' }
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
    readonly initiator: Initiator;
    readonly requireState?: RequireIssueState;
  },
  decide: (facts: GroupFacts, now: string) => GroupChanges,
): Promise<ChangeOutcome> {
  const { actingUserId, requestId } = input.initiator;
  const actor: Actor | null = actingUserId === null ? null : { type: 'user', id: actingUserId };
  const attemptChange = async (attempt: number): Promise<ChangeOutcome | typeof AGAIN> => {
    const known = attempt === 1 ? input.facts : undefined;
    const facts = known ?? (await readFacts(deps, input));
    if (facts === undefined) {
      return { kind: 'gone' };
    }
    const asRead = await input.requireState?.(facts);
    const changes = decide(facts, deps.clock());
    const { newId, newEventId } = deps;
    const context = { newId, newEventId, requestId, actor };
    const outcome = await deps.groupChanges.commit(changes, context, asRead);
    if (!outcome.committed) {
      return AGAIN;
    }
    countAssigneeChange(deps.count, changes);
    return { kind: 'committed', changes };
  };
  return redecide(attemptChange, { exhausted: () => ({ kind: 'conflict' }) });
}

async function readFacts(
  deps: ChangeGroupDeps,
  input: { readonly groupId: GroupId; readonly organization: Organization },
): Promise<GroupFacts | undefined> {
  const row = (await deps.groups.withAssignments([input.groupId])).get(input.groupId);
  if (row === undefined || !isVisible(row.group.status)) {
    return undefined;
  }
  return completeFacts(deps, row, input.organization);
}

/**
 * Adds to a group's row what a change of its assignee is decided on: its subscriptions. A group
 * that nobody holds does not need them. One round trip, or none.
 */
export async function completeFacts(
  deps: Pick<ChangeGroupDeps, 'subscriptions'>,
  row: AssignedGroupRow,
  organization: Organization,
): Promise<GroupFacts> {
  const isHeld = (row.assignment?.assignee ?? null) !== null;
  return factsOf(row, organization, isHeld ? await deps.subscriptions.ofGroup(row.group.id) : []);
}

/**
 * The same for many groups: those whose followers are listed together, 100 subscriptions a round
 * trip, and the first of the others, each by itself, as a single group is: one Query reads several
 * subscriptions at the price of one. What is left is completed when it is changed.
 */
export async function completeAhead(
  deps: Pick<ChangeGroupDeps, 'subscriptions'>,
  rows: readonly AssignedGroupRow[],
  organization: Organization,
): Promise<Map<string, GroupFacts>> {
  const isListed = (row: AssignedGroupRow) => rows.length > 1 && listedFollowers(row) !== null;
  const listed = rows.filter(isListed);
  const others = rows.filter((row) => !isListed(row)).slice(0, READ_AHEAD);
  const complete = await Promise.all([
    completeListed(deps, listed, organization),
    mapConcurrently(WIDTH, others, (row) => completeFacts(deps, row, organization)),
  ]);
  return new Map(complete.flat().map((facts) => [facts.group.id, facts]));
}

async function completeListed(
  { subscriptions }: Pick<ChangeGroupDeps, 'subscriptions'>,
  rows: readonly AssignedGroupRow[],
  organization: Organization,
): Promise<GroupFacts[]> {
  const found = await subscriptions.ofFollowers(rows.flatMap((row) => listedFollowers(row) ?? []));
  return rows.map((row) => factsOf(row, organization, found.get(row.group.id) ?? []));
}

/** The assignment of a held group whose followers are listed; else null. */
function listedFollowers({ assignment }: AssignedGroupRow): Assignment | null {
  return assignment?.assignee && assignment.followers !== undefined ? assignment : null;
}

function factsOf(
  { group, assignment, shareId }: AssignedGroupRow,
  organization: Organization,
  subscriptions: readonly Subscription[],
): GroupFacts {
  return { group, organization, assignment, subscriptions, shareId };
}

function countAssigneeChange(count: Count, changes: GroupChanges): void {
  if (!changesAssignee(changes)) {
    return;
  }
  const change = changes.assignment?.assignee ? 'assigned' : 'deassigned';
  count('group.assignee.change', { change });
}
