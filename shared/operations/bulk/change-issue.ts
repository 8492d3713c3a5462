import { noteState, versionsOf } from '../../domain/bulk/noted-state.ts';
import type { Operation } from '../../domain/bulk/operation.ts';
import type { RecordedOutcome } from '../../domain/bulk/outcome.ts';
import type { Organization } from '../../domain/directory.ts';
import type { FollowersUse } from '../../domain/issues/followers.ts';
import {
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../../domain/issues/group-changes.ts';
import { isOpen } from '../../domain/ownership/orphan.ts';
import type { OutcomeStore } from '../../stores/bulk/outcomes.ts';
import { systemInitiator } from '../event-context.ts';
import { type ChangeGroupDeps, changeGroup } from '../issues/change-group.ts';

export type ChangeIssueDeps = ChangeGroupDeps & {
  readonly outcomes: Pick<OutcomeStore, 'record' | 'recordAll'>;
};

/** The operation that a change of an issue is part of, and the request behind its worker. */
export type PartOf = {
  readonly operation: Operation;
  readonly organization: Organization;
  readonly requestId: string;
};

/** An issue of an operation. */
export type IssueOf = Pick<RecordedOutcome, 'groupId' | 'projectId'>;

/** What an operation makes of an issue: the changes, and what is recorded of them. */
export type Decided = {
  readonly changes: GroupChanges;
  readonly recorded: Omit<RecordedOutcome, keyof IssueOf>;
};

/** An outcome of an issue that stays as it is. */
export function leftAlone(
  outcome: RecordedOutcome['outcome'],
  reason: RecordedOutcome['reason'],
): Decided['recorded'] {
  return { outcome, reason, before: null, after: null };
}

/** What is recorded of a change, with all that taking it back needs. */
function withStates({ changes, recorded }: Decided): Decided['recorded'] {
  const about = ['assignment', 'ownerTeam'] as const;
  return recorded.outcome === 'applied'
    ? {
        ...recorded,
        before: { ...recorded.before, ...noteState(changes.facts, about) },
        after: { ...recorded.after, ...noteState(changes, about) },
        versions: versionsOf(changes),
      }
    : recorded;
}

/**
 * Changes an open issue and records, in the same transaction, what became of it. One that is not
 * open any more, or is gone, is skipped. Answers what was recorded: nothing where another worker
 * has done it.
 */
export async function changeIssue(
  deps: ChangeIssueDeps,
  { operation, organization, requestId }: PartOf,
  issue: IssueOf & { readonly facts?: GroupFacts; readonly uses?: FollowersUse },
  decide: (facts: GroupFacts, changes: GroupChanges) => Decided,
): Promise<readonly RecordedOutcome[]> {
  const { groupId, projectId, facts, uses } = issue;
  let recorded = leftAlone('skipped', 'not_open');
  const outcome = await changeGroup(
    deps,
    {
      groupId,
      organization,
      initiator: { ...systemInitiator(requestId), operationId: operation.id },
      ...(facts && { facts }),
      ...(uses && { uses }),
      outcomeOf: () => deps.outcomes.record(operation, { groupId, projectId, ...recorded }),
    },
    (present, now) => {
      const changes = startChanges(present, { now, actingUserId: null });
      const decided = isOpen(present)
        ? decide(present, changes)
        : { changes, recorded: leftAlone('skipped', 'not_open') };
      recorded = withStates(decided);
      return decided.changes;
    },
  );
  switch (outcome.kind) {
    case 'committed':
      return [{ groupId, projectId, ...recorded }];
    case 'recorded':
      return [];
    case 'gone':
      return deps.outcomes.recordAll(operation, [
        { groupId, projectId, ...leftAlone('skipped', 'deleted') },
      ]);
    case 'conflict':
      return deps.outcomes.recordAll(operation, [
        { groupId, projectId, ...leftAlone('failed', 'busy') },
      ]);
  }
}
