import type { NotedState } from '../../../domain/bulk/noted-state.ts';
import type { Operation } from '../../../domain/bulk/operation.ts';
import { totalOf } from '../../../domain/bulk/outcome.ts';
import type { OperationIssue } from '../../../operations/bulk/read-operations.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import { serializeIssueOf, serializeNamed, serializeState } from './planned-issue.ts';

/** An operation over many issues, and how far it is. */
export function serializeOperation(operation: Operation, names: Names) {
  const { counts, requested } = operation;
  return {
    id: operation.id,
    kind: operation.kind,
    plan: operation.plan,
    note: operation.note,
    dryRun: operation.dryRun,
    state: operation.state,
    requested: requested ?? totalOf(counts),
    ...counts,
    createdBy: serializeNamed(operation.createdBy, names),
    createdAt: operation.createdAt,
    startedAt: operation.startedAt,
    finishedAt: operation.finishedAt,
  };
}

/** What became of an issue; of one that is gone with its project, its id and the outcome. */
export function serializeOperationIssue({ recorded, found }: OperationIssue, names: Names) {
  const { groupId, outcome, reason, before, after } = recorded;
  const shown = (state: NotedState | null) =>
    found === null || state === null ? null : serializeState(state, names);
  return {
    issue: serializeIssueOf(groupId, found),
    outcome,
    reason,
    before: shown(before),
    after: shown(after),
  };
}
