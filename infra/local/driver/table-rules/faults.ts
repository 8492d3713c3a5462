import type { TableAnswer, TableCall } from '../engines/table-front.ts';
import { callAws } from '../services/aws-json.ts';
import { cancelled, refusalOf } from './refusals.ts';

/**
 * What the table is to do to the next calls. `throttle` refuses a call, `cancel` cancels a
 * transaction because its last item is throttled, `conflict` because another transaction is under
 * way on its last item (or refuses the write of a single item for that), `unprocessed` does half of
 * a batch and gives back the rest.
 */
export const FAULT_KINDS = ['throttle', 'cancel', 'conflict', 'unprocessed'] as const;

/** Asked of the table for a number of calls; which ones, is known beforehand. */
export type TableFault = {
  readonly kind: (typeof FAULT_KINDS)[number];
  /** `Query`; by default every operation that can meet this fault. */
  readonly operation?: string;
  /** How many calls it meets. */
  readonly calls: number;
  /** Each how manyth of the calls that it could meet; by default each. */
  readonly every?: number;
};

/** A fault, and how far it is. */
export type FaultProgress = TableFault & {
  /** Calls that it could have met so far. */
  readonly seen: number;
  /** Calls that it met. */
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
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';

/**
 * Faults that DynamoDB has and the embedded engine never does. What is asked for is forgotten when
 * it has met its number of calls.
 *
 * @param engine does the part of a batch that is processed
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
    /** Takes the place of what was asked for before; of two that meet one call the first does. */
    set(wanted: readonly TableFault[]): void {
      faults = wanted.map((fault) => ({ ...fault, seen: 0, met: 0 }));
    },
    /** What has not met all of its calls yet. */
    list: (): readonly FaultProgress[] => faults,
    /** The check for the front. */
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

/** DynamoDB refuses a batch of which it can do nothing, as it is for the half of one element. */
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
 * Reads faults from the body of a request.
 *
 * @throws Error with a sentence for whoever sent it.
 */
export function readFaults(body: string): TableFault[] {
  const faults: unknown = JSON.parse(body);
  if (!Array.isArray(faults) || !faults.every(isFault)) {
    throw new Error(
      `The faults must be a list of {"kind": one of ${FAULT_KINDS.join(', ')}, "calls": a number, "operation": an operation of DynamoDB or nothing, "every": a number or nothing}.`,
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
