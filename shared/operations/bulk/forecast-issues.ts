import {
  countDeletions,
  countUpdate,
  familiesOf,
  foreseeDeletion,
  foreseeUpdate,
  NOTHING_COUNTED,
  type PlannedIssue,
  type Summary,
  sumOfSummaries,
} from '../../domain/bulk/forecast.ts';
import type { Precondition } from '../../domain/editable-state.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { Project } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { Clock } from '../deps.ts';
import type { Initiator } from '../event-context.ts';
import { type Commitment, deciderOf, factsOf } from '../issues/commit-updates.ts';
import {
  type IssuesInScopeDeps,
  type IssuesScope,
  issuesInScope,
} from '../issues/delete-issues.ts';
import { type DiscardGroupsDeps, requireDiscardableIssues } from '../issues/discard-groups.ts';
import { type OwnFlagsDeps, stateRequirement } from '../issues/require-issue-state.ts';
import { type ReadAheadDeps, readAhead, type UpdateGroupsInput } from '../issues/update-groups.ts';
import { uncounted, type WhileCounted } from '../while-counted.ts';
import { countExternalWrites, type ExternalWritesDeps } from './external-writes.ts';

/** An issue with what would become of it. */
type ForeseenIssue = {
  readonly planned: PlannedIssue;
  readonly group: Group;
  readonly project: Project;
};

/** What a write would come to if it were made now. */
export type Forecast = {
  readonly issues: readonly ForeseenIssue[];
  readonly summary: Summary;
};

export type ForecastUpdateDeps = ReadAheadDeps &
  OwnFlagsDeps &
  ExternalWritesDeps & { readonly clock: Clock };

export type ForecastDeletionDeps = IssuesInScopeDeps & OwnFlagsDeps;

/** Issues looked at at the same time. */
const WIDTH = 32;

/**
 * Says what an update would come to, with the refusals of the update itself, and writes nothing.
 * With `merges` its issues would be merged afterwards. The round trips of the update's reads, and a
 * Query for each issue that may be linked.
 */
export async function forecastUpdate(
  deps: ForecastUpdateDeps,
  input: UpdateGroupsInput & { readonly merges?: boolean },
): Promise<Forecast> {
  const commitment = await readAhead(deps, input);
  const { rows } = commitment;
  return foretell(deps, commitment, input.merges === true && rows.length > 1);
}

async function foretell(
  deps: ForecastUpdateDeps,
  commitment: Commitment,
  isMerged: boolean,
): Promise<Forecast> {
  const { rows, organization, update, projects, initiator, precondition } = commitment;
  const requireState = stateRequirement(deps, initiator.actingUserId, precondition);
  const about = familiesOf(update);
  const now = deps.clock();
  const changed = await mapConcurrently(WIDTH, rows, async (row, position) => {
    const facts = await factsOf(deps, commitment, row);
    await requireState?.(facts);
    return deciderOf(commitment, row, { position, shareId: '' })(facts, now);
  });
  const externalWrites = await countExternalWrites(deps, organization, changed);
  const counted = changed.map((changes, index) =>
    countUpdate(changes, { externalWrites: externalWrites[index] ?? 0, isMerged }),
  );
  const issues = changed.flatMap((changes): ForeseenIssue[] => {
    const { group } = changes.facts;
    const project = projects.get(group.projectId)?.project;
    const planned = foreseeUpdate(changes, about);
    return project === undefined ? [] : [{ planned, group, project }];
  });
  return { issues, summary: sumOfSummaries([NOTHING_COUNTED, ...counted]) };
}

/** Says what a discard would come to, with its refusals, and writes nothing. */
export async function forecastDiscard(
  deps: ForecastDeletionDeps & Pick<DiscardGroupsDeps, 'organizations'>,
  input: DeletionInput & { readonly mayDiscard: boolean },
): Promise<Forecast> {
  await requireDiscardableIssues(deps, input);
  return forecastDeletion(deps, input);
}

type DeletionInput = IssuesScope & {
  readonly initiator: Initiator;
  readonly whileCounted?: WhileCounted;
  readonly precondition?: Precondition | null;
};

/** Says what a deletion would come to, with its refusals, and writes nothing. Two round trips. */
export async function forecastDeletion(
  deps: ForecastDeletionDeps,
  input: DeletionInput,
): Promise<Forecast> {
  const { whileCounted = uncounted, initiator, precondition } = input;
  const rows = await whileCounted(issuesInScope(deps, input));
  const requireState = stateRequirement(deps, initiator.actingUserId, precondition);
  await mapConcurrently(WIDTH, rows, async (row) => requireState?.(row));
  const projects = await deps.projects.byIds([
    ...new Set(rows.map(({ group }) => group.projectId)),
  ]);
  const issues = rows.flatMap((row): ForeseenIssue[] => {
    const project = projects.get(row.group.projectId);
    const { group } = row;
    return project === undefined ? [] : [{ planned: foreseeDeletion(row), group, project }];
  });
  return { issues, summary: countDeletions(issues.length) };
}
