import {
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { tableThrottled } from '../domain/errors.ts';
import type { Table } from './table.ts';
import { orThrottled } from './throttling.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
type WithoutTable<T> = T extends object ? Omit<T, 'TableName'> : never;

/**
 * One write, described but not done: stores make them, operations collect them, `transact` commits
 * them together. Its name is part of its type, so that a refusal can only be asked for a write that
 * was there.
 */
export type Write<Name extends string> = {
  /** What is written, in the words of the operation: a refusal names it. */
  readonly name: Name;
} & (
  | { readonly put: WithoutTable<NonNullable<TransactItem['Put']>> }
  | { readonly update: WithoutTable<NonNullable<TransactItem['Update']>> }
  | { readonly delete: WithoutTable<NonNullable<TransactItem['Delete']>> }
  | { readonly check: WithoutTable<NonNullable<TransactItem['ConditionCheck']>> }
);

/** A write of whatever name, for those who never ask which one was refused. */
export type AnyWrite = Write<string>;

/**
 * Either everything was written, or nothing. `refused` names the writes whose conditions failed; it
 * is empty when another transaction was under way on the same items: that one says nothing about
 * the rows, so read again and decide again. Where the names of the writes are not known, nobody can
 * ask for one.
 */
export type TransactOutcome<Name extends string> =
  | { readonly committed: true }
  | { readonly committed: false; readonly refused: readonly Known<Name>[] };

type Known<Name extends string> = string extends Name ? never : Name;

/** DynamoDB takes a hundred; one is left free for the record of a request that named a key. */
export const TRANSACTION_LIMIT = 99;

export type Transact = <const Name extends string>(
  writes: readonly Write<Name>[],
) => Promise<TransactOutcome<Name>>;

const THROTTLED_ATTEMPTS = 5;

/**
 * Commits writes to one table. The client token that the SDK adds makes its own retries of a lost
 * answer safe. A throttled transaction is tried again here, since the SDK takes a cancelled one as
 * final; after the last attempt it is `table.throttled`. Throws where DynamoDB could not be asked
 * or refuses for reasons of its own.
 */
export function createTransact(table: Table): Transact {
  return async (writes) => {
    if (writes.length === 0) {
      return { committed: true };
    }
    const command = new TransactWriteCommand({
      TransactItems: writes.map((write) => toTransactItem(table.name, write)),
    });
    try {
      await sendWhileThrottled(table, command);
      return { committed: true };
    } catch (error) {
      if (isThrottled(error)) {
        throw tableThrottled(error);
      }
      return refusal(error, writes);
    }
  };
}

async function sendWhileThrottled(table: Table, command: TransactWriteCommand): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await orThrottled(table.client.send(command));
      return;
    } catch (error) {
      if (!isThrottled(error) || attempt === THROTTLED_ATTEMPTS) {
        throw error;
      }
      await table.backOff(attempt);
    }
  }
}

function isThrottled(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    codesOf(error).some((code) => throttledReasons.has(code))
  );
}

/**
 * What a failed transaction means for the operation; anything that no new decision could mend flies
 * on.
 */
function refusal<Name extends string>(
  error: unknown,
  writes: readonly Write<Name>[],
): TransactOutcome<Name> {
  if (error instanceof TransactionInProgressException) {
    return { committed: false, refused: [] };
  }
  if (!(error instanceof TransactionCanceledException)) {
    throw error;
  }
  const codes = codesOf(error);
  if (!codes.every((code) => expectedReasons.has(code))) {
    throw error;
  }
  const refused = writes.filter((_, index) => codes[index] === 'ConditionalCheckFailed');
  return { committed: false, refused: refused.map(({ name }) => name as Known<Name>) };
}

/** CancellationReasons are in the order of the writes. */
function codesOf(error: TransactionCanceledException): string[] {
  return (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
}

const expectedReasons = new Set(['ConditionalCheckFailed', 'TransactionConflict', 'None']);
const throttledReasons = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);

function toTransactItem(tableName: string, write: AnyWrite): TransactItem {
  const common = { TableName: tableName };
  if ('put' in write) {
    return { Put: { ...write.put, ...common } };
  }
  if ('update' in write) {
    return { Update: { ...write.update, ...common } };
  }
  if ('delete' in write) {
    return { Delete: { ...write.delete, ...common } };
  }
  return { ConditionCheck: { ...write.check, ...common } };
}
