import type { Actor } from '../actor.ts';
import { invalidFields, invalidRequest } from '../errors.ts';
import type { GroupId, OrganizationId, ProjectId, UserId } from '../ids.ts';
import type { StatusRequest } from '../issues/group-status.ts';
import { NOTHING_COUNTED, type Summary } from './forecast.ts';
import type { Family } from './noted-state.ts';
import { OPERATION_LIFE_SECONDS } from './operation.ts';

/** What applying a plan does to its issues; also the kind of the operation that does it. */
export const planKinds = ['update', 'delete', 'revert'] as const;
export type PlanKind = (typeof planKinds)[number];

/** The states of a plan. One whose time has run out is not there any more. */
export const planStates = ['building', 'ready', 'applied', 'failed'] as const;
type PlanState = (typeof planStates)[number];

/** Issues of a plan at most: named one by one, and found by a search. */
export const MOST_NAMED = 10_000;
export const MOST_PLANNED = 100_000;
/** A plan of more issues is built by a worker. */
export const MOST_PLANNED_IN_REQUEST = 1_000;
/** Issues that one row of a plan holds. */
export const PLAN_PAGE = 100;
/** Bytes of ids that name no issue that a plan lists: with them it stays one row of the table. */
const MOST_NOT_FOUND = 250_000;

/** How long a plan can be applied once it is ready, and how long its building may take. */
const READY_SECONDS = 60 * 60;
const BUILDING_SECONDS = 24 * 60 * 60;

/** What a plan asks of each of its issues, with whom it names as they were found. */
export type PlannedUpdate = {
  readonly assignedTo?: { readonly assignee: Actor | null; readonly expiresIn?: number | null };
  readonly ownerTeam?: Actor | null;
  readonly status?: StatusRequest;
};

/** An issue as a plan was asked for it: by these names; a null id where no issue has them. */
export type NamedIssue = { readonly groupId: GroupId | null; readonly names: readonly string[] };

/** Where the issues of a plan come from. */
export type PlanSource =
  | { readonly kind: 'ids' }
  | { readonly kind: 'query'; readonly query: string; readonly callerUserId: UserId | null }
  | { readonly kind: 'operation'; readonly operationId: string };

/**
 * A change of many issues that was looked at before it is made: its issues are frozen, with the
 * versions that they were seen in. `version` rises with each change of the record.
 */
export type Plan = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly kind: PlanKind;
  readonly state: PlanState;
  readonly update: PlannedUpdate;
  readonly source: PlanSource;
  /** Null for all of the organization. */
  readonly projects: readonly ProjectId[] | null;
  readonly count: number;
  /** How many rows its issues take. */
  readonly pages: number;
  readonly summary: Summary;
  readonly note: string | null;
  /** Ids that name no issue, as they were written. */
  readonly notFound: readonly string[];
  /** Null for a token without a user. */
  readonly createdBy: Actor | null;
  readonly createdAt: string;
  readonly readyAt: string | null;
  /** The operation that applies it, or has. */
  readonly operation: string | null;
  /** Where its building goes on. */
  readonly position: string | null;
  readonly fencingToken: number;
  readonly version: number;
};

/** What a new plan is known by. */
export type NewPlan = Pick<
  Plan,
  | 'id'
  | 'organizationId'
  | 'kind'
  | 'update'
  | 'source'
  | 'projects'
  | 'note'
  | 'createdBy'
  | 'createdAt'
>;

/** A plan that has no issues yet. */
export function beginPlan(asked: NewPlan): Plan {
  return {
    ...asked,
    state: 'building',
    count: 0,
    pages: 0,
    summary: NOTHING_COUNTED,
    notFound: [],
    readyAt: null,
    operation: null,
    position: null,
    fencingToken: 0,
    version: 1,
  };
}

/** The plan once all of its issues are frozen. */
export function completePlan(plan: Plan, now: string): Plan {
  return { ...plan, state: 'ready', readyAt: now, position: null };
}

/** When a plan is not there any more, in unix seconds: one that was applied goes with that. */
export function planExpiry({ state, createdAt, readyAt }: Plan, appliedAt?: string): number {
  if (state === 'applied') {
    return secondsOf(appliedAt ?? readyAt ?? createdAt) + OPERATION_LIFE_SECONDS;
  }
  return state === 'ready'
    ? secondsOf(readyAt ?? createdAt) + READY_SECONDS
    : secondsOf(createdAt) + BUILDING_SECONDS;
}

/**
 * When the rows of a plan's issues go, in unix seconds: late enough for an operation that is asked
 * for at the last moment. To write them once costs less than to write them again when it is.
 */
export function planRowsExpiry({ createdAt }: Pick<Plan, 'createdAt'>): number {
  return secondsOf(createdAt) + BUILDING_SECONDS + READY_SECONDS + OPERATION_LIFE_SECONDS;
}

/** Throws `request.invalid` for more issues than a plan holds. */
export function requireHeldByPlan(count: number): void {
  if (count > MOST_PLANNED) {
    throw invalidRequest(`A plan holds at most ${MOST_PLANNED} issues.`);
  }
}

/** Throws `request.invalid` where more ids name no issue than a plan can list. */
export function requireListed(notFound: readonly string[]): void {
  if (bytesOf(notFound) > MOST_NOT_FOUND) {
    const message = `${notFound.length} of them are not there, more than a plan can list.`;
    throw invalidFields({ ids: [message] });
  }
}

/** The size of texts in a row or an answer. */
export function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The parts of issues that applying a plan compares by their versions. */
export function familiesOfPlan({ kind, update }: Pick<Plan, 'kind' | 'update'>): Family[] {
  if (kind === 'delete') {
    return ['assignment', 'ownerTeam', 'status'];
  }
  return [
    ...(update.assignedTo === undefined ? [] : (['assignment'] as const)),
    ...(update.ownerTeam === undefined ? [] : (['ownerTeam'] as const)),
    ...(update.status === undefined ? [] : (['status'] as const)),
  ];
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}
