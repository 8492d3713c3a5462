import type { Actor } from '../actor.ts';
import { conflict } from '../errors.ts';
import type { OrganizationId, ProjectId } from '../ids.ts';
import { type OutcomeCounts, sumOf } from './outcome.ts';

/** What an operation does to its issues. */
export const operationKinds = ['reconcile', 'orphans', 'update', 'delete', 'revert'] as const;
type OperationKind = (typeof operationKinds)[number];

/** The states of an operation: the last three of them are its ends. */
export const operationStates = [
  'queued',
  'running',
  'cancelling',
  'done',
  'cancelled',
  'failed',
] as const;
export type OperationState = (typeof operationStates)[number];

/** Which states may follow each. */
export const nextStates: Readonly<Record<OperationState, readonly OperationState[]>> = {
  queued: ['running', 'cancelling'],
  running: ['cancelling', 'done', 'failed'],
  cancelling: ['cancelled'],
  done: [],
  cancelled: [],
  failed: [],
};

/** How an operation ends. */
export type OperationEnd = 'done' | 'cancelled' | 'failed';

/** How long the record of an operation and its outcomes are kept. */
export const OPERATION_LIFE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Work over many issues that goes on after its request was answered. `version` rises with each
 * change of the record. Times are ISO 8601 in UTC.
 */
export type Operation = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly kind: OperationKind;
  readonly state: OperationState;
  /** Whether it only says what it would do. */
  readonly dryRun: boolean;
  /** The project that it is about; null where it may be about several. */
  readonly projectId: ProjectId | null;
  readonly plan: string | null;
  readonly note: string | null;
  /** How many issues it is about; null while nobody knows. */
  readonly requested: number | null;
  readonly counts: OutcomeCounts;
  /** Null for a token without a user. */
  readonly createdBy: Actor | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Where its walk goes on, null at the beginning. */
  readonly position: string | null;
  /** Rises when the work is passed on: a message with an older one is ignored. */
  readonly fencingToken: number;
  readonly version: number;
};

/** What a new operation is known by. */
export type NewOperation = Pick<
  Operation,
  'id' | 'organizationId' | 'kind' | 'dryRun' | 'projectId' | 'createdBy' | 'createdAt'
> &
  Partial<Pick<Operation, 'plan' | 'note' | 'requested'>>;

/** An operation that was accepted and has not begun. */
export function queuedOperation(asked: NewOperation): Operation {
  return {
    plan: null,
    note: null,
    requested: null,
    ...asked,
    state: 'queued',
    counts: { applied: 0, unchanged: 0, drifted: 0, skipped: 0, failed: 0 },
    startedAt: null,
    finishedAt: null,
    position: null,
    fencingToken: 0,
    version: 1,
  };
}

/** An operation that is done by the request that asks for it. */
export function runningOperation(asked: NewOperation): Operation {
  return beginOperation(queuedOperation(asked), asked.createdAt);
}

/** No function that answers a request runs for so long. */
const LONGEST_REQUEST_MS = 60_000;

/** Whether an operation that was part of a request has not ended with it. */
export function isOverdue(operation: Operation, now: string): boolean {
  const { kind, plan, startedAt } = operation;
  const isOfRequest = plan === null && (kind === 'update' || kind === 'delete');
  return (
    isOfRequest &&
    !hasEnded(operation) &&
    startedAt !== null &&
    Date.parse(now) - Date.parse(startedAt) > LONGEST_REQUEST_MS
  );
}

/** Whether nothing becomes of an operation any more. */
export function hasEnded({ state }: Pick<Operation, 'state'>): boolean {
  return nextStates[state].length === 0;
}

/** The operation once a worker has begun it; one that is to be cancelled does not begin. */
export function beginOperation(operation: Operation, now: string): Operation {
  return operation.state === 'queued'
    ? become({ ...operation, startedAt: now }, 'running')
    : operation;
}

/**
 * The operation once somebody has asked to end it early; asking again changes nothing. Throws
 * `conflict` where it has ended by itself.
 */
export function cancelOperation(operation: Operation): Operation {
  const { state } = operation;
  if (state === 'done' || state === 'failed') {
    throw conflict('This operation has ended.');
  }
  return state === 'cancelling' || state === 'cancelled'
    ? operation
    : become(operation, 'cancelling');
}

/** The operation after a page of its issues. */
export function advanceOperation(
  operation: Operation,
  { counts, position }: Pick<Operation, 'counts' | 'position'>,
): Operation {
  return { ...operation, counts: sumOf([operation.counts, counts]), position };
}

/**
 * The operation at its end, with what became of its issues. One that was cancelled meanwhile ends
 * as cancelled, whatever it came to.
 */
export function endOperation(
  operation: Operation,
  end: OperationEnd,
  { counts, now }: { readonly counts: OutcomeCounts; readonly now: string },
): Operation {
  const ended = { ...operation, counts, finishedAt: now };
  return become(ended, operation.state === 'cancelling' ? 'cancelled' : end);
}

function become(operation: Operation, state: OperationState): Operation {
  if (!nextStates[operation.state].includes(state)) {
    throw new Error(
      `Operation ${operation.id} is ${operation.state} and cannot become ${state}: look at nextStates.`,
    );
  }
  return { ...operation, state };
}
