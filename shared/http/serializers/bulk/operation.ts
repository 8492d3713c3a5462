import type { Actor } from '../../../domain/actor.ts';
import type { Operation } from '../../../domain/bulk/operation.ts';
import { type NotedState, totalOf } from '../../../domain/bulk/outcome.ts';
import type { OperationIssue } from '../../../operations/bulk/read-operations.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import { namedActor, serializeActor } from '../actor.ts';

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
  const { groupId: id, outcome, reason, before, after } = recorded;
  if (found === null) {
    const issue = { id, shortId: null, title: null, project: null };
    return { issue, outcome, reason, before: null, after: null };
  }
  const { group, project } = found;
  return {
    issue: {
      id,
      shortId: group.shortId,
      title: group.title,
      project: {
        id: project.id,
        name: project.name,
        slug: project.slug,
        platform: project.platform,
      },
    },
    outcome,
    reason,
    before: serializeState(before, names),
    after: serializeState(after, names),
  };
}

function serializeState(state: NotedState | null, names: Names) {
  return state === null ? null : { assignedTo: serializeNamed(state.assignedTo, names) };
}

function serializeNamed(actor: Actor | null, names: Names) {
  return actor === null ? null : serializeActor(namedActor(actor, names));
}
