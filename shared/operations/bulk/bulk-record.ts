import { familiesOf } from '../../domain/bulk/forecast.ts';
import { noteState, versionsOf } from '../../domain/bulk/noted-state.ts';
import {
  endOperation,
  hasEnded,
  type Operation,
  type OperationEnd,
  runningOperation,
} from '../../domain/bulk/operation.ts';
import { countsOf, type RecordedOutcome } from '../../domain/bulk/outcome.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import type { GroupUpdate } from '../../domain/issues/group-update.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OperationStore } from '../../stores/bulk/operations.ts';
import type { OutcomeStore } from '../../stores/bulk/outcomes.ts';
import type { Write } from '../../stores/transaction.ts';
import type { Clock, Log } from '../deps.ts';
import type { Initiator } from '../event-context.ts';

export type BulkRecordDeps = {
  readonly operations: Pick<OperationStore, 'begin' | 'byId' | 'save'>;
  readonly outcomes: Pick<OutcomeStore, 'record' | 'recordAll'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
};

/** An issue of a bulk write. */
type IssueOf = Pick<RecordedOutcome, 'groupId' | 'projectId'>;

/** What a bulk write over several issues records of itself while it is made. */
export type BulkRecord = {
  readonly operationId: string;
  /** What is committed with a deletion. */
  readonly deleted: (issue: IssueOf) => Write<'outcome'>;
  /** What is committed with an update, or by itself where that changes nothing. */
  readonly updated: (
    changes: GroupChanges,
    update: GroupUpdate,
    isChanged: boolean,
  ) => Write<'outcome'>;
  /** Notes that nothing was done to an issue, which is recorded at the end. */
  readonly left: (issue: IssueOf, outcome: 'failed' | 'skipped') => void;
};

/** A bulk write as its operation is known. */
export type BulkWrite = {
  readonly organizationId: OrganizationId;
  readonly kind: 'update' | 'delete';
  readonly initiator: Initiator;
  /** Whether its issues are merged once they are updated: none of them stays as it is. */
  readonly merges?: boolean;
};

/** Begins the record once it is known how many issues there are; null for fewer than two. */
export type BeginRecord = (issues: number) => Promise<BulkRecord | null>;

/**
 * Makes a bulk write, and records it as an operation where it is over more than one issue: that
 * there is one before anything is changed, what becomes of each issue in the transaction that
 * changes it, and how it ends. One whose function dies is found by `endOverdue`. Three round trips.
 */
export async function recordBulk<T>(
  deps: BulkRecordDeps,
  about: BulkWrite & { readonly endOf?: (result: T) => OperationEnd },
  write: (begin: BeginRecord) => Promise<T>,
): Promise<{ readonly result: T; readonly operationId: string | null }> {
  let begun: Begun | null = null;
  const begin: BeginRecord = async (issues) => {
    begun = issues > 1 ? await beginRecord(deps, about, issues) : null;
    return begun && recordOf(deps, begun, about);
  };
  // The compiler does not see what `begin` sets.
  const present = () => begun as Begun | null;
  try {
    const result = await write(begin);
    await endRecord(deps, present(), about.endOf?.(result) ?? 'done');
    return { result, operationId: present()?.operation.id ?? null };
  } catch (error) {
    await endRecord(deps, present(), 'failed');
    throw error;
  }
}

/** An operation under way, and what has become of its issues so far. */
type Begun = {
  readonly operation: Operation;
  readonly recorded: Map<string, RecordedOutcome>;
  readonly left: Map<string, RecordedOutcome>;
};

async function beginRecord(
  deps: BulkRecordDeps,
  { organizationId, kind, initiator: { actingUserId } }: BulkWrite,
  issues: number,
): Promise<Begun> {
  const operation = await redecide(async () => {
    const fresh = runningOperation({
      ...{ id: deps.newId(), organizationId, kind, dryRun: false, projectId: null },
      requested: issues,
      createdBy: actingUserId === null ? null : { type: 'user', id: actingUserId },
      createdAt: deps.clock(),
    });
    return (await deps.operations.begin(fresh)).committed ? fresh : AGAIN;
  });
  return { operation, recorded: new Map(), left: new Map() };
}

function recordOf(
  { outcomes }: BulkRecordDeps,
  { operation, recorded, left }: Begun,
  { merges = false }: BulkWrite,
): BulkRecord {
  const record = (outcome: RecordedOutcome) => {
    recorded.set(outcome.groupId, outcome);
    return outcomes.record(operation, outcome);
  };
  const untold = { reason: null, before: null, after: null };
  return {
    operationId: operation.id,
    deleted: (issue) => record({ ...issue, ...untold, outcome: 'applied' }),
    updated(changes, update, isChanged) {
      const { id: groupId, projectId } = changes.group;
      const about = familiesOf(update);
      return record({
        ...{ groupId, projectId, ...untold },
        ...(isChanged || merges
          ? {
              outcome: 'applied',
              before: noteState(changes.facts, about),
              after: noteState(changes, about),
              versions: versionsOf(changes),
            }
          : { outcome: 'unchanged' }),
      });
    },
    left(issue, outcome) {
      const reason = outcome === 'failed' ? 'busy' : 'deleted';
      recorded.delete(issue.groupId);
      left.set(issue.groupId, { ...issue, ...untold, outcome, reason });
    },
  };
}

/**
 * Writes how a bulk write has ended. Its changes are made by then, so it is not the caller's
 * failure where this cannot be written.
 */
async function endRecord(
  deps: BulkRecordDeps,
  begun: Begun | null,
  how: OperationEnd,
): Promise<void> {
  if (begun === null) {
    return;
  }
  const { operation, recorded, left } = begun;
  try {
    await deps.outcomes.recordAll(operation, [...left.values()]);
    const counts = countsOf([...recorded.values(), ...left.values()]);
    await redecide(async (attempt) => {
      const now = deps.clock();
      const found = attempt === 1 ? operation : await deps.operations.byId(operation.id, now);
      if (found === undefined || hasEnded(found)) {
        return null;
      }
      const ended = endOperation(found, how, { counts, now });
      return (await deps.operations.save(found, ended)).committed ? ended : AGAIN;
    });
  } catch (error) {
    deps.log.error('The end of a bulk write was not recorded.', {
      operationId: operation.id,
      error,
    });
  }
}
