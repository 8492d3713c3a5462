import type { Actor } from '../../domain/actor.ts';
import {
  cancelOperation,
  type Operation,
  type OperationState,
} from '../../domain/bulk/operation.ts';
import type { IssueOutcome, RecordedOutcome } from '../../domain/bulk/outcome.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type Group, isVisible } from '../../domain/issues/group.ts';
import type { Project } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OperationStore } from '../../stores/bulk/operations.ts';
import type { OutcomeStore } from '../../stores/bulk/outcomes.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { type Names, namesOf, type ReadIssueDeps } from '../issues/read-issue.ts';
import { type EndOverdueDeps, endOverdue } from './end-overdue.ts';

export type FindOperationDeps = EndOverdueDeps;

type NamesDeps = Pick<ReadIssueDeps, 'users' | 'teams'>;

/** Which page of a list: after `from`, or before it. */
export type PageAsked = {
  readonly from?: string;
  readonly backwards?: boolean;
  readonly limit: number;
};

/** The positions of the pages beside one; null where there is none. */
export type PageBeside = { readonly next: string | null; readonly previous: string | null };

const idForm = /^[0-9]{1,20}$/;
/** Operations under way that are looked at before a list is shown. */
const LOOKED_AT = 25;

/**
 * An operation of an organization. Throws `resource.not_found` for one that is not there, or is
 * another organization's. One round trip, unless a request that did it has died.
 */
export async function findOperation(
  deps: FindOperationDeps,
  organizationId: OrganizationId,
  id: string,
): Promise<Operation> {
  const found = idForm.test(id) ? await deps.operations.byId(id, deps.clock()) : undefined;
  if (found?.organizationId !== organizationId) {
    throw notFound();
  }
  return endOverdue(deps, found);
}

/** Whoever made operations, by their names. One round trip. */
export function namesOfMakers(deps: NamesDeps, operations: readonly Operation[]): Promise<Names> {
  return namesOf(
    deps,
    operations.flatMap(({ createdBy }) => createdBy ?? []),
  );
}

/** A page of an organization's operations, newest first. Five round trips. */
export async function listOperations(
  deps: NamesDeps &
    EndOverdueDeps & { readonly operations: Pick<OperationStore, 'page' | 'positionOf'> },
  organizationId: OrganizationId,
  asked: PageAsked & { readonly state: OperationState | null },
): Promise<PageBeside & { readonly operations: readonly Operation[]; readonly names: Names }> {
  const { from, backwards = false } = asked;
  await endOverdueOnes(deps, organizationId);
  const page = await deps.operations.page(organizationId, asked, deps.clock());
  const operations = backwards ? page.operations.toReversed() : page.operations;
  const names = await namesOfMakers(deps, operations);
  const positionAt = (index: number) => {
    const operation = operations.at(index);
    return operation === undefined ? null : deps.operations.positionOf(operation);
  };
  const isFirst = backwards ? !page.more : from === undefined;
  const isLast = backwards ? false : !page.more;
  return {
    operations,
    names,
    previous: isFirst ? null : (positionAt(0) ?? from ?? null),
    next: isLast ? null : positionAt(-1),
  };
}

/** Ends bulk writes whose function has died, also those that somebody has cancelled since. */
async function endOverdueOnes(
  deps: EndOverdueDeps & { readonly operations: Pick<OperationStore, 'page'> },
  organizationId: OrganizationId,
): Promise<void> {
  const now = deps.clock();
  const underWay = await Promise.all(
    (['running', 'cancelling'] as const).map((state) =>
      deps.operations.page(organizationId, { state, limit: LOOKED_AT }, now),
    ),
  );
  await Promise.all(
    underWay.flatMap(({ operations }) => operations).map((one) => endOverdue(deps, one)),
  );
}

/** What became of an issue, and the issue; null where it, or its project, is gone. */
export type OperationIssue = {
  readonly recorded: RecordedOutcome;
  readonly found: { readonly group: Group; readonly project: Project } | null;
};

/**
 * A page of what became of an operation's issues: of all, or of those of one outcome. Three round
 * trips, and those of finding the outcome among the others.
 */
export async function listOperationIssues(
  deps: NamesDeps & {
    readonly outcomes: Pick<OutcomeStore, 'page'>;
    readonly groups: Pick<GroupStore, 'withAssignments'>;
    readonly projects: Pick<ProjectStore, 'byIds'>;
  },
  operation: Operation,
  asked: PageAsked & { readonly outcome: IssueOutcome | null },
): Promise<PageBeside & { readonly issues: readonly OperationIssue[]; readonly names: Names }> {
  const { from, backwards = false } = asked;
  const page = await deps.outcomes.page(operation, asked);
  const outcomes = backwards ? page.outcomes.toReversed() : page.outcomes;
  const rows = await deps.groups.withAssignments(
    outcomes.map(({ groupId }) => groupId),
    'eventual',
  );
  const [projects, names] = await Promise.all([
    deps.projects.byIds([...new Set(outcomes.map(({ projectId }) => projectId))], 'eventual'),
    namesOf(deps, outcomes.flatMap(actorsOf)),
  ]);
  const issues = outcomes.map((recorded): OperationIssue => {
    const group = rows.get(recorded.groupId)?.group;
    const project = projects.get(recorded.projectId);
    const isThere = group && isVisible(group.status) && project?.status === 'active';
    return { recorded, found: isThere ? { group, project } : null };
  });
  return backwards
    ? { issues, names, next: page.start ?? from ?? null, previous: page.end }
    : { issues, names, next: page.end, previous: from === undefined ? null : (page.start ?? from) };
}

function actorsOf({ before, after }: RecordedOutcome): Actor[] {
  return [before, after].flatMap((state) =>
    [state?.assignedTo, state?.ownerTeam].flatMap((actor) => actor ?? []),
  );
}

/**
 * Asks for the early end of an operation; the worker ends it at the next page. Again is fine.
 * Throws `conflict` where it has ended by itself. Two round trips.
 */
export function requestCancellation(
  deps: FindOperationDeps,
  organizationId: OrganizationId,
  id: string,
): Promise<Operation> {
  return redecide(async () => {
    const found = await findOperation(deps, organizationId, id);
    const cancelled = cancelOperation(found);
    if (cancelled === found) {
      return found;
    }
    const { committed } = await deps.operations.save(found, cancelled);
    return committed ? cancelled : AGAIN;
  });
}
