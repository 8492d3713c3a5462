import type { TableCall } from '../engines/table-front.ts';

/** The part of a call for one item, or for the items of one table. */
export type Statement = {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck' | 'Get' | 'Query' | 'Scan';
  readonly table: string;
  readonly input: Readonly<Record<string, unknown>>;
};

const SINGLE: Readonly<Record<string, Statement['kind']>> = {
  PutItem: 'Put',
  UpdateItem: 'Update',
  DeleteItem: 'Delete',
  GetItem: 'Get',
  Query: 'Query',
  Scan: 'Scan',
};
const IN_TRANSACTIONS = ['Put', 'Update', 'Delete', 'ConditionCheck', 'Get'] as const;

type Input = Readonly<Record<string, unknown>>;

/**
 * The statements of a call. Those of a transaction are in its order, like the cancellation reasons.
 */
export function statementsOf({ operation, input }: TableCall): readonly Statement[] {
  const kind = SINGLE[operation];
  if (kind !== undefined) {
    return [{ kind, table: String(input.TableName), input }];
  }
  const reader = SEVERAL[operation];
  return reader === undefined ? [] : reader(input);
}

const SEVERAL: Readonly<Record<string, (input: Input) => readonly Statement[]>> = {
  TransactWriteItems: ofTransaction,
  TransactGetItems: ofTransaction,
  BatchGetItem: ({ RequestItems }) =>
    Object.entries((RequestItems ?? {}) as Record<string, Input>).map(([table, input]) => ({
      kind: 'Get',
      table,
      input,
    })),
  BatchWriteItem: ({ RequestItems }) =>
    Object.entries((RequestItems ?? {}) as Record<string, Record<string, Input>[]>).flatMap(
      ([table, requests]) =>
        requests.map(({ PutRequest, DeleteRequest }) => ({
          kind: PutRequest ? ('Put' as const) : ('Delete' as const),
          table,
          input: PutRequest ?? DeleteRequest ?? {},
        })),
    ),
};

function ofTransaction({ TransactItems }: Input): readonly Statement[] {
  return ((TransactItems ?? []) as Record<string, Input>[]).flatMap((item) =>
    IN_TRANSACTIONS.flatMap((kind) => {
      const input = item[kind];
      return input === undefined ? [] : [{ kind, table: String(input.TableName), input }];
    }),
  );
}
