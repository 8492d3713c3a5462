import { type Condition, onlyWhere } from './conditions.ts';
import type { Key } from './keys.ts';
import type { AnyWrite, Write } from './transaction.ts';

/** That a row is still as it was read. */
export type AsRead = { readonly key: Key; readonly condition: Condition };

/**
 * Lets a transaction commit only while the rows are as they were read: a write of such a row gets
 * the condition as well, since a transaction has no two actions on one item, and the others are
 * checked. Nothing is checked where nothing is written.
 */
export function onlyAsRead<const Name extends string>(
  writes: readonly Write<Name>[],
  rows: readonly AsRead[],
): Write<Name | 'as read'>[] {
  if (writes.length === 0) {
    return [];
  }
  const written = new Set(writes.map((write) => textOf(keyOf(write))));
  const conditions = new Map(rows.map(({ key, condition }) => [textOf(key), condition]));
  return [
    ...writes.map((write) => withCondition(write, conditions.get(textOf(keyOf(write))))),
    ...rows
      .filter(({ key }) => !written.has(textOf(key)))
      .map(({ key, condition }) => ({
        name: 'as read' as const,
        check: { Key: { pk: key.pk, sk: key.sk }, ...condition },
      })),
  ];
}

function withCondition<Name extends string>(
  write: Write<Name>,
  condition: Condition | undefined,
): Write<Name> {
  if (condition === undefined) {
    return write;
  }
  const { name } = write;
  if ('put' in write) {
    return { name, put: onlyWhere(write.put, condition) };
  }
  if ('update' in write) {
    return { name, update: onlyWhere(write.update, condition) };
  }
  if ('delete' in write) {
    return { name, delete: onlyWhere(write.delete, condition) };
  }
  return { name, check: onlyWhere(write.check, condition) };
}

function keyOf(write: AnyWrite): Record<string, unknown> | undefined {
  if ('put' in write) {
    return write.put.Item;
  }
  if ('update' in write) {
    return write.update.Key;
  }
  return 'delete' in write ? write.delete.Key : write.check.Key;
}

function textOf(key: Readonly<Record<string, unknown>> | undefined): string {
  return `${key?.pk}\n${key?.sk}`;
}
