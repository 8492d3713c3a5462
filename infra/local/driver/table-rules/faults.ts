import type { TableAnswer, TableCall } from '../engines/table-front.ts';
import { callAws } from '../services/aws-json.ts';
import { cancelled, refusalOf } from './refusals.ts';

/**
 * The faults of a table. `throttle` refuses a call. `cancel` cancels a transaction because its last
 * item is throttled. `conflict` cancels it because of another transaction on its last item, or
 * refuses a single write for that. `unprocessed` processes half of a batch and returns the rest.
 */
const FAULT_KINDS = ['throttle', 'cancel', 'conflict', 'unprocessed'] as const;

/** A fault for a number of calls, chosen by counting. */
export type TableFault = {
  readonly kind: (typeof FAULT_KINDS)[number];
  /** Such as `Query`; by default all operations that can have this fault. */
  readonly operation?: string;
  /** The number of calls that get the fault. */
  readonly calls: number;
  /** The fault is in every n-th of the possible calls; by default in each. */
  readonly every?: number;
};

/** A fault with its progress. */
export type FaultProgress = TableFault & {
  /** The number of possible calls so far. */
  readonly seen: number;
  /** The number of calls that got the fault. */
  readonly met: number;
};

const SINGLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const BATCHES = ['BatchGetItem', 'BatchWriteItem'];
const OPERATIONS: Readonly<Record<TableFault['kind'], readonly string[]>> = {
  throttle: [...SINGLE_WRITES, ...BATCHES, 'GetItem', 'Query', 'Scan', 'TransactWriteItems'],
  cancel: ['TransactWriteItems'],
  conflict: [...SINGLE_WRITES, 'TransactWriteItems'],
  unprocessed: BATCHES,
};

const THROTTLED =
  'The level of configured provisioned throughput for the table was exceeded. ' +
  'Consider increasing your provisioning level with the UpdateTable API.';

/**
 * Simulates faults of DynamoDB that the embedded engine does not have. A fault is removed after its
 * number of calls.
 *
 * @param engine address of the engine, which processes a part of a batch
 */
export function createTableFaults(engine: string) {
  let faults: FaultProgress[] = [];

  const meets = (call: TableCall): TableFault | undefined => {
    const index = faults.findIndex(({ kind, operation }) =>
      operation === undefined
        ? OPERATIONS[kind].includes(call.operation)
        : operation === call.operation,
    );
    const fault = faults[index];
    if (fault === undefined) {
      return undefined;
    }
    const seen = fault.seen + 1;
    const isMet = seen % (fault.every ?? 1) === 0;
    const met = fault.met + (isMet ? 1 : 0);
    faults =
      met < fault.calls ? faults.with(index, { ...fault, seen, met }) : faults.toSpliced(index, 1);
    return isMet ? fault : undefined;
  };

  return {
    /** Replaces all faults. If two apply to a call, the first one is used. */
    set(wanted: readonly TableFault[]): void {
      faults = wanted.map((fault) => ({ ...fault, seen: 0, met: 0 }));
    },
    /** The faults with calls left. */
    list: (): readonly FaultProgress[] => faults,
    /** The check in front of the table. */
    check(call: TableCall): TableAnswer | undefined | Promise<TableAnswer | undefined> {
      const fault = meets(call);
      return fault && ANSWERS[fault.kind](call, engine);
    },
  };
}

export type TableFaults = ReturnType<typeof createTableFaults>;

const throttled = () => refusalOf('ProvisionedThroughputExceededException', THROTTLED);

const ANSWERS: Readonly<
  Record<
    TableFault['kind'],
    (call: TableCall, engine: string) => TableAnswer | Promise<TableAnswer | undefined>
  >
> = {
  throttle: throttled,
  cancel: (call) =>
    cancelAtLast(call, { Code: 'ProvisionedThroughputExceeded', Message: THROTTLED }),
  conflict: (call) =>
    call.operation === 'TransactWriteItems'
      ? cancelAtLast(call, {
          Code: 'TransactionConflict',
          Message: 'Transaction is ongoing for the item',
        })
      : refusalOf('TransactionConflictException', 'Transaction is ongoing for the item'),
  unprocessed: leaveHalf,
};

function cancelAtLast(
  { input }: TableCall,
  reason: { Code: string; Message: string },
): TableAnswer {
  const items = (input.TransactItems ?? []) as readonly unknown[];
  return cancelled([...items.slice(1).map(() => ({ Code: 'None' })), reason]);
}

/** Half of a batch of one element would be nothing, for which DynamoDB refuses the batch. */
async function leaveHalf(call: TableCall, engine: string): Promise<TableAnswer> {
  const [table, requests] = Object.entries((call.input.RequestItems ?? {}) as object)[0] ?? [];
  const keys: unknown[] = Array.isArray(requests) ? requests : requests?.Keys;
  if (table === undefined || keys === undefined || keys.length < 2) {
    return throttled();
  }
  const half = Math.floor(keys.length / 2);
  const part = (some: unknown[]) => ({
    ...(call.input.RequestItems as object),
    [table]: Array.isArray(requests) ? some : { ...requests, Keys: some },
  });
  const body = await callAws<Record<string, unknown>>(
    engine,
    `DynamoDB_20120810.${call.operation}`,
    { ...call.input, RequestItems: part(keys.slice(0, half)) },
  );
  const left = Array.isArray(requests) ? 'UnprocessedItems' : 'UnprocessedKeys';
  return { status: 200, body: { ...body, [left]: { [table]: part(keys.slice(half))[table] } } };
}

/**
 * Parses faults from the body of a request.
 *
 * @throws Error that describes the valid form
 */
export function readFaults(body: string): TableFault[] {
  const faults: unknown = JSON.parse(body);
  if (!Array.isArray(faults) || !faults.every(isFault)) {
    throw new Error(
      `The body must be a list of {"kind": one of ${FAULT_KINDS.join(', ')}, "calls": a number, ` +
        '"operation": optional, an operation of DynamoDB, "every": optional, a number}.',
    );
  }
  return faults;
}

function isFault(fault: TableFault): boolean {
  return (
    FAULT_KINDS.includes(fault.kind) &&
    isCount(fault.calls) &&
    (fault.every === undefined || isCount(fault.every)) &&
    (fault.operation === undefined || OPERATIONS[fault.kind].includes(fault.operation))
  );
}

const isCount = (value: number) => Number.isInteger(value) && value > 0;
