import {
  NOTHING_COUNTED,
  type PlannedIssue,
  type Summary,
  sumOfSummaries,
} from '../../../domain/bulk/forecast.ts';
import type { NamedIssue, Plan, PlannedUpdate } from '../../../domain/bulk/plan.ts';
import { invalidRequest } from '../../../domain/errors.ts';
import type { GroupId } from '../../../domain/ids.ts';
import type { OperationStore } from '../../../stores/bulk/operations.ts';
import type { OutcomeStore } from '../../../stores/bulk/outcomes.ts';
import type { AssignedGroupRow } from '../../../stores/issues/groups.ts';
import { systemInitiator } from '../../event-context.ts';
import { issuesInScope } from '../../issues/delete-issues.ts';
import { type FoundIssue, findIssues } from '../../issues/find-issues.ts';
import { type SearchIssuesDeps, type SearchScope, scopeOf } from '../../issues/search-issues.ts';
import type { RequestedUpdate } from '../../issues/update-groups.ts';
import { whereMerged } from '../../lookup/follow-merges.ts';
import {
  type Forecast,
  type ForecastDeletionDeps,
  type ForecastUpdateDeps,
  forecastDeletion,
  forecastUpdate,
} from '../forecast-issues.ts';
import { type ForecastTakeBackDeps, forecastTakeBack } from './take-back.ts';

export type FreezeIssuesDeps = ForecastUpdateDeps &
  ForecastDeletionDeps &
  ForecastTakeBackDeps &
  SearchIssuesDeps & {
    readonly outcomes: Pick<OutcomeStore, 'page' | 'count'>;
    readonly operations: Pick<OperationStore, 'byId' | 'save'>;
  };

/** Some more issues of a plan, as they would become, and where the next ones begin. */
export type FrozenIssues = {
  readonly issues: readonly PlannedIssue[];
  readonly summary: Summary;
  readonly notFound: readonly string[];
  /** Null after the last one. */
  readonly next: string | null;
};

/** What the building of a plan is about. */
export type Building = {
  readonly plan: Plan;
  /** Those that it was asked for. */
  readonly named: readonly NamedIssue[];
  readonly requestId: string;
  /** Those of some issues that it has frozen already. */
  readonly frozenAmong: (groupIds: readonly GroupId[]) => Promise<ReadonlySet<GroupId>>;
};

type QuerySource = Extract<Plan['source'], { readonly kind: 'query' }>;

/** Issues that are frozen together. */
const STEP = 500;
/** Rows of lists that one step looks at. */
const WALKED = 5_000;

const NOTHING_FROZEN: FrozenIssues = {
  issues: [],
  summary: NOTHING_COUNTED,
  notFound: [],
  next: null,
};

/**
 * Freezes the next issues of a plan, from where its building has come to. Throws what the live
 * write would refuse.
 */
export function freezeNext(deps: FreezeIssuesDeps, building: Building): Promise<FrozenIssues> {
  const { source } = building.plan;
  switch (source.kind) {
    case 'ids':
      return freezeNamed(deps, building);
    case 'query':
      return freezeFound(deps, building, source);
    case 'operation':
      return freezeChanged(deps, building.plan, source.operationId);
  }
}

async function freezeNamed(deps: FreezeIssuesDeps, building: Building): Promise<FrozenIssues> {
  const { plan, named, requestId } = building;
  const start = Number(plan.position ?? 0);
  const asked = named.slice(start, start + STEP);
  const groupIds = asked.flatMap(({ groupId }) => groupId ?? []);
  const forecast = await forecastOf(deps, plan, { groupIds }, requestId);
  const found = idsOf(forecast);
  const gone = groupIds.filter((id) => !found.has(id));
  const merged = await followMerged(deps, building, { gone, found });
  const isThere = ({ groupId }: NamedIssue) =>
    groupId !== null && (found.has(groupId) || merged.there.has(groupId));
  const end = start + asked.length;
  const parts = [forecast, ...(merged.forecast === null ? [] : [merged.forecast])];
  return {
    issues: parts.flatMap((part) => frozen(part).issues),
    summary: sumOfSummaries(parts.map(({ summary }) => summary)),
    notFound: asked.flatMap((one) => (isThere(one) ? [] : one.names)),
    next: end < named.length ? String(end) : null,
  };
}

/**
 * What becomes of the issues that some which are gone were merged into, where the plan does not
 * name or hold them anyway; and the names that are there by them. One round trip where none was
 * merged, and none where none is gone.
 */
async function followMerged(
  deps: FreezeIssuesDeps,
  { plan, named, requestId, frozenAmong }: Building,
  { gone, found }: { readonly gone: readonly GroupId[]; readonly found: ReadonlySet<GroupId> },
): Promise<{ readonly there: ReadonlySet<GroupId>; readonly forecast: Forecast | null }> {
  const into = await whereMerged(deps, gone);
  const { organizationId, projects } = plan;
  const targets = [...new Set(into.values())];
  const rows =
    targets.length === 0
      ? []
      : await issuesInScope(deps, { organizationId, projects, groupIds: targets });
  const visible = new Set(rows.map(({ group }) => group.id));
  const there = new Set(gone.filter((id) => visible.has(into.get(id) ?? '')));
  const namedIds = new Set(named.map(({ groupId }) => groupId));
  const others = rows
    .map(({ group }) => group.id)
    .filter((id) => !namedIds.has(id) && !found.has(id));
  const held = await frozenAmong(others);
  const fresh = others.filter((id) => !held.has(id));
  const forecast =
    fresh.length === 0 ? null : await forecastOf(deps, plan, { groupIds: fresh }, requestId);
  return { there, forecast };
}

function idsOf({ issues }: Forecast): ReadonlySet<GroupId> {
  return new Set(issues.map(({ planned }) => planned.groupId));
}

/**
 * Along the lists, those that were seen longest ago first: an issue that is seen meanwhile moves to
 * where the walk has yet to come. It comes again there, wherever that is: its event may have
 * happened before the plan was asked for, and a merge brings the times of what went into it.
 */
async function freezeFound(
  deps: FreezeIssuesDeps,
  { plan, requestId, frozenAmong }: Building,
  source: QuerySource,
): Promise<FrozenIssues> {
  const { position } = plan;
  const scope = await searchOf(deps, plan, source);
  const { found, next } = await walkOn(deps, scope, position);
  const fresh = new Map(found.map(({ row }) => [row.group.id, row]));
  for (const id of await frozenAmong([...fresh.keys()])) {
    fresh.delete(id);
  }
  const issues = { groupIds: [...fresh.keys()], rows: [...fresh.values()] };
  const forecast = await forecastOf(deps, plan, issues, requestId);
  return { ...frozen(forecast), notFound: [], next };
}

/**
 * What a plan searches for. Throws `request.invalid` for a search that cannot be understood or
 * names somebody who is not there.
 */
export async function searchOf(
  deps: SearchIssuesDeps,
  { organizationId, projects, createdAt: now }: Plan,
  { query, callerUserId }: QuerySource,
): Promise<SearchScope> {
  const scope = await scopeOf(deps, { organizationId, projects, query, callerUserId, now });
  const [unknown] = scope.unknown;
  if (unknown !== undefined) {
    throw invalidRequest(unknown);
  }
  return scope;
}

/** The next issues of a search, at most 500, and the position after them; null at its end. */
async function walkOn(
  deps: FreezeIssuesDeps,
  scope: SearchScope,
  position: string | null,
): Promise<{ readonly found: readonly FoundIssue[]; readonly next: string | null }> {
  const found: FoundIssue[] = [];
  let last = position;
  let walked = 0;
  const start = {
    wanted: STEP,
    walkLimit: Number.MAX_SAFE_INTEGER,
    backwards: true,
    consistency: 'consistent' as const,
    ...(position === null ? {} : { from: position }),
  };
  for await (const step of findIssues(deps, scope, start)) {
    found.push(...step.found);
    walked += step.walked;
    last = step.last ?? last;
    if (found.length > STEP) {
      const some = found.slice(0, STEP);
      return { found: some, next: some.at(-1)?.position ?? last };
    }
    if (found.length === STEP || walked >= WALKED) {
      return { found, next: last };
    }
  }
  return { found, next: null };
}

/** What an operation has changed, to be brought back. */
async function freezeChanged(
  deps: FreezeIssuesDeps,
  plan: Plan,
  operationId: string,
): Promise<FrozenIssues> {
  const operation = await deps.operations.byId(operationId, deps.clock());
  if (operation === undefined) {
    return NOTHING_FROZEN;
  }
  const { outcomes, end } = await deps.outcomes.page(operation, {
    outcome: 'applied',
    limit: STEP,
    ...(plan.position === null ? {} : { from: plan.position }),
  });
  const forecast = await forecastTakeBack(deps, plan, outcomes);
  return { ...forecast, notFound: [], next: end };
}

function forecastOf(
  deps: FreezeIssuesDeps,
  { kind, organizationId, projects, update }: Plan,
  issues: {
    readonly groupIds: readonly GroupId[];
    /** Their rows, where they have been read consistently. */
    readonly rows?: readonly AssignedGroupRow[];
  },
  requestId: string,
): Promise<Forecast> {
  const input = { organizationId, projects, ...issues, initiator: systemInitiator(requestId) };
  return kind === 'delete'
    ? forecastDeletion(deps, input)
    : forecastUpdate(deps, { ...input, update: requestedOf(update) });
}

/** What a plan asks for, in the words of a request. */
function requestedOf({ assignedTo, ownerTeam, status }: PlannedUpdate): RequestedUpdate {
  return {
    ...(status === undefined ? {} : { status }),
    ...(assignedTo === undefined ? {} : { assignedTo: assignmentOf(assignedTo) }),
    ...(ownerTeam === undefined
      ? {}
      : { ownerTeam: ownerTeam === null ? NOBODY : { kind: 'actor', actor: ownerTeam } }),
  };
}

const NOBODY = { kind: 'nobody' } as const;

function assignmentOf({ assignee, expiresIn }: NonNullable<PlannedUpdate['assignedTo']>) {
  return {
    actor: assignee === null ? NOBODY : ({ kind: 'actor', actor: assignee } as const),
    assignedBy: null,
    integration: null,
    ...(expiresIn === undefined ? {} : { expiresIn }),
  };
}

function frozen({ issues, summary }: Forecast) {
  return { issues: issues.map(({ planned }) => planned), summary };
}
