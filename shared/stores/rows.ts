import { type Key, printableKey } from './keys.ts';
import type { Item } from './table.ts';

/** Where a value lies: in which row, under which path of attributes. */
export type ValueAt = { readonly row: Key; readonly path: string };

/** Reads one attribute's value; throws for one that is damaged. An absent one is undefined. */
export type Field<T> = (value: unknown, at: ValueAt) => T;

/** A reader for each attribute of a type: one that is forgotten does not compile. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Field<
    Pick<T, K> extends Required<Pick<T, K>> ? T[K] : T[K] | undefined
  >;
};

/** A text of any length. */
export const text: Field<string> = (value, at) =>
  typeof value === 'string' ? value : damaged('text', value, at);

/** What a text of JSON says. */
export const json: Field<unknown> = (value, at) => {
  const written = text(value, at);
  try {
    return JSON.parse(written);
  } catch {
    // The error of the parser quotes what is in the row.
    return damaged('JSON', value, at);
  }
};

/** A number. */
export const number: Field<number> = (value, at) =>
  typeof value === 'number' ? value : damaged('a number', value, at);

/** True or false. */
export const flag: Field<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : damaged('true or false', value, at);

/** A map whose entries are not looked at. */
export const map: Field<Readonly<Record<string, unknown>>> = (value, at) =>
  isMap(value) ? value : damaged('a map', value, at);

/** One of some texts. */
export function oneOf<const T extends string>(values: readonly T[]): Field<T> {
  return (value, at) =>
    values.find((allowed) => allowed === value) ??
    damaged(`one of ${values.join(', ')}`, value, at);
}

/** Null where the attribute is null or absent. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return (value, at) => (value === null || value === undefined ? null : field(value, at));
}

/** Undefined where the attribute is absent. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value, at) => (value === undefined ? undefined : field(value, at));
}

/** Another value where the attribute is absent, as in rows from before there was such a one. */
export function orElse<T>(field: Field<T>, absent: T): Field<T> {
  return (value, at) => (value === undefined ? absent : field(value, at));
}

/** A list. */
export function list<T>(field: Field<T>): Field<T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((one, index) => field(one, within(at, String(index))))
      : damaged('a list', value, at);
}

/** A map whose entries are all of one kind. */
export function mapOf<T>(field: Field<T>): Field<Readonly<Record<string, T>>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(map(value, at)).map(([name, one]) => [name, field(one, within(at, name))]),
    );
}

/** A map with these entries; others are left out. */
export function object<T extends object>(fields: Fields<T>): Field<T> {
  const entries = Object.entries(fields) as [keyof T & string, Field<unknown>][];
  return (value, at) => {
    const given = map(value, at);
    const read: Partial<Record<keyof T, unknown>> = {};
    for (const [name, field] of entries) {
      const one = field(given[name], within(at, name));
      if (one !== undefined) {
        read[name] = one;
      }
    }
    // The fields are those of T, each with a reader of its type.
    return read as T;
  };
}

/** What becomes of a value once it is read. */
export function mapped<A, B>(field: Field<A>, change: (value: A) => B): Field<B> {
  return (value, at) => change(field(value, at));
}

/** Reads a row by its attributes. What else is in it, as the keys of indexes, is left out. */
export function rowReader<T extends object>(fields: Fields<T>): (item: Item) => T {
  const field = object(fields);
  return (item) => field(item, { row: item, path: '' });
}

/** Reads one attribute of a row. */
export function read<T>(item: Item, attribute: string, field: Field<T>): T {
  return field(item[attribute], { row: item, path: attribute });
}

/**
 * A row that the product did not write this way. Says what is wrong and not what is in it, which
 * may be somebody's name or address.
 */
export function damaged(expected: string, value: unknown, { row, path }: ValueAt): never {
  throw new Error(
    `The row ${printableKey(row)} is damaged: its attribute "${path}" should be ${expected} and is ${kindOf(value)}. Correct the attribute, or restore the row from a backup of the table.`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) {
    return 'missing';
  }
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function within({ row, path }: ValueAt, name: string): ValueAt {
  return { row, path: path === '' ? name : `${path}.${name}` };
}
