import {
  advanceOperation,
  beginOperation,
  endOperation,
  hasEnded,
  type Operation,
  type OperationEnd,
} from '../../domain/bulk/operation.ts';
import { countsOf, type OutcomeCounts } from '../../domain/bulk/outcome.ts';
import { sameValue } from '../../domain/same-value.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OperationStore } from '../../stores/bulk/operations.ts';
import type { OutcomeStore } from '../../stores/bulk/outcomes.ts';
import type { Clock, Log } from '../deps.ts';
import { systemInitiator } from '../event-context.ts';
import { type WorkEventDeps, workRequested } from './accept-operation.ts';
import type { Work, WorkPage } from './work.ts';

export type RunOperationDeps = WorkEventDeps & {
  readonly operations: Pick<OperationStore, 'byId' | 'save' | 'underWay'>;
  readonly outcomes: Pick<OutcomeStore, 'recordedAmong' | 'count'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What this worker may write in a second is its share among so many operations. */
  readonly shareAmong: (operations: number) => void;
};

/** How long a worker may go on. */
export type WorkerTime = {
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
  /** Whether it goes on where other operations are waiting. */
  readonly isWithinSlice: () => boolean;
  /** Milliseconds before the end of a list is read again: it shows a write a moment later. */
  readonly pauseMs: number;
};

type Run = WorkerTime & {
  readonly operationId: string;
  /** The fencing token of the message. */
  readonly fencingToken: number;
  readonly requestId: string;
  readonly workOf: (operation: Operation) => Work;
};

/**
 * Works on an operation, page by page, until it has ended, somebody has cancelled it, or the time
 * is up: then another worker goes on from where it was. Whatever kills a worker, and however many
 * work on one operation, each issue is worked on once: the transaction that changes it records
 * that. What a worker counts on its way is only told; what is counted at the end is what was
 * recorded.
 */
export async function runOperation(deps: RunOperationDeps, run: Run): Promise<void> {
  const operation = await begin(deps, run);
  if (operation === null) {
    return;
  }
  const work = run.workOf(operation);
  let at: Progress | null = { operation, isAtEnd: false };
  while (at !== null && at.operation.state !== 'cancelling') {
    at = await workOnPage(deps, run, work, at);
  }
  if (at !== null) {
    await end(deps, at.operation, 'cancelled');
  }
}

/** How far a worker is: at the end of a list it looks once more whether there is more by now. */
type Progress = { readonly operation: Operation; readonly isAtEnd: boolean };

/** Works on the next page; null where there is nothing left for this worker. */
async function workOnPage(
  deps: RunOperationDeps,
  run: Run,
  work: Work,
  { operation, isAtEnd }: Progress,
): Promise<Progress | null> {
  const underWay = await deps.operations.underWay();
  deps.shareAmong(underWay);
  const page = await work.page(operation.position);
  if (page === null) {
    return end(deps, operation, 'failed');
  }
  const counts = await workOn(deps, operation, page);
  if (page.next === null && (isAtEnd || page.last === null)) {
    return end(deps, operation, 'done');
  }
  const advanced = await advance(deps, operation, { counts, position: page.next ?? page.last });
  if (advanced === null) {
    return null;
  }
  if (!goesOn(run, underWay)) {
    return passOn(deps, advanced, run.requestId);
  }
  const isAtNewEnd = page.next === null;
  await (isAtNewEnd && pause(run.pauseMs));
  return { operation: advanced, isAtEnd: isAtNewEnd };
}

/** One that is alone goes on as long as it can. */
function goesOn({ hasTime, isWithinSlice }: WorkerTime, underWay: number): boolean {
  return hasTime() && (underWay <= 1 || isWithinSlice());
}

/** The operation, begun; null where it has ended, or was passed on to another worker. */
function begin(deps: RunOperationDeps, run: Run): Promise<Operation | null> {
  return redecide(async () => {
    const found = await deps.operations.byId(run.operationId, deps.clock());
    if (found === undefined || hasEnded(found) || run.fencingToken < found.fencingToken) {
      return null;
    }
    const begun = beginOperation(found, deps.clock());
    return begun === found ? found : save(deps, found, begun);
  });
}

async function workOn(
  deps: RunOperationDeps,
  operation: Operation,
  page: WorkPage,
): Promise<OutcomeCounts> {
  const recorded = await deps.outcomes.recordedAmong(operation, page.groupIds);
  return countsOf(await page.apply((groupId) => !recorded.has(groupId)));
}

/**
 * Notes that a page is done. Where another worker has done it meanwhile, the operation as that one
 * left it; null where it is another worker's now.
 */
function advance(
  deps: RunOperationDeps,
  operation: Operation,
  done: Pick<Operation, 'counts' | 'position'>,
): Promise<Operation | null> {
  return change(deps, operation, async (present) =>
    present.position === operation.position
      ? save(deps, present, advanceOperation(present, done))
      : present,
  );
}

async function end(deps: RunOperationDeps, operation: Operation, how: OperationEnd): Promise<null> {
  const ended = await change(deps, operation, async (present) => {
    const counts = await deps.outcomes.count(present);
    return save(deps, present, endOperation(present, how, { counts, now: deps.clock() }));
  });
  if (ended !== null) {
    const { id, kind, state, organizationId, counts } = ended;
    const about = { operationId: id, kind, state, organizationId, ...counts };
    deps.log.info('An operation over many issues has ended.', about);
  }
  return null;
}

/** Another worker goes on: one that has not heard of it yet does nothing more. */
async function passOn(
  deps: RunOperationDeps,
  operation: Operation,
  requestId: string,
): Promise<null> {
  await change(deps, operation, (present) => {
    const after = { ...present, fencingToken: present.fencingToken + 1 };
    return save(deps, present, after, [workRequested(deps, after, systemInitiator(requestId))]);
  });
  return null;
}

/** Changes an operation as it was left, or as it is by now; null where it is another worker's. */
function change(
  deps: RunOperationDeps,
  known: Operation,
  decide: (present: Operation) => Promise<Operation | typeof AGAIN>,
): Promise<Operation | null> {
  return redecide(async (attempt) => {
    const present = attempt === 1 ? known : await deps.operations.byId(known.id, deps.clock());
    if (present === undefined || present.fencingToken !== known.fencingToken) {
      return null;
    }
    if (hasEnded(present)) {
      await countAgain(deps, present);
      return null;
    }
    return decide(present);
  });
}

/** Another worker has ended it while this one may have recorded something more. */
async function countAgain(deps: RunOperationDeps, ended: Operation): Promise<void> {
  await redecide(async (attempt) => {
    const present = attempt === 1 ? ended : await deps.operations.byId(ended.id, deps.clock());
    if (present === undefined) {
      return null;
    }
    const counts = await deps.outcomes.count(present);
    return sameValue(counts, present.counts)
      ? present
      : save(deps, present, { ...present, counts });
  });
}

async function save(
  deps: RunOperationDeps,
  ...change: Parameters<OperationStore['save']>
): Promise<Operation | typeof AGAIN> {
  const [before, after] = change;
  const { committed } = await deps.operations.save(...change);
  return committed ? { ...after, version: before.version + 1 } : AGAIN;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
