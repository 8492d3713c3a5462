import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../shared/stores/document-client.ts';

/** One call to the table, as the client saw it. Times are milliseconds of one clock. */
export type Call = {
  readonly command: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly units: number;
  /** Items that a read answered. */
  readonly items: number;
};

/** A client that keeps a record of its calls, and of the transactions it sent. */
export function countingClient(endpoint: string) {
  const calls: Call[] = [];
  const transactions: TransactWriteCommandInput[] = [];
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, '');
      Object.assign(args.input as object, { ReturnConsumedCapacity: 'TOTAL' });
      if (command === 'TransactWriteItems') {
        transactions.push(structuredClone(args.input) as TransactWriteCommandInput);
      }
      const startMs = performance.now();
      const result = await next(args);
      calls.push({ command, startMs, endMs: performance.now(), ...spentOn(result.output) });
      return result;
    },
    { step: 'initialize' },
  );
  return {
    client: documentClient(client),
    /** Forgets what was recorded, and answers it. */
    take(): Call[] {
      return calls.splice(0);
    },
    takeTransactions(): TransactWriteCommandInput[] {
      return transactions.splice(0);
    },
  };
}

function spentOn(output: unknown): Pick<Call, 'units' | 'items'> {
  const {
    ConsumedCapacity: consumed,
    Item,
    Items = [],
    Responses = {},
  } = output as {
    ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
    Item?: unknown;
    Items?: unknown[];
    Responses?: Record<string, unknown[]>;
  };
  const all = Array.isArray(consumed) ? consumed : [consumed ?? {}];
  const answered = [
    ...(Item === undefined ? [] : [Item]),
    ...Items,
    ...Object.values(Responses).flat(),
  ];
  return {
    units: all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0),
    items: answered.length,
  };
}

/** The longest chain of calls of which each started after the one before had ended. */
export function inSequence(calls: readonly Pick<Call, 'startMs' | 'endMs'>[]): number {
  const ordered = [...calls].sort((a, b) => a.startMs - b.startMs);
  const chains: number[] = [];
  for (const [index, call] of ordered.entries()) {
    const before = ordered
      .slice(0, index)
      .map((earlier, at) => (earlier.endMs <= call.startMs ? (chains[at] ?? 0) : 0));
    chains.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...chains);
}

const READS = /^(?:GetItem|BatchGetItem|Query|TransactGetItems|Get|BatchGet|TransactGet)$/;

/** The read units and the write units of calls: a write unit costs five times a read unit. */
export function readsAndWrites(calls: readonly Pick<Call, 'command' | 'units'>[]): {
  readonly reads: number;
  readonly writes: number;
} {
  const sum = (some: typeof calls) => some.reduce((total, { units }) => total + units, 0);
  const reads = calls.filter(({ command }) => READS.test(command));
  return { reads: sum(reads), writes: sum(calls.filter((call) => !reads.includes(call))) };
}
