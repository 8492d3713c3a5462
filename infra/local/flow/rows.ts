import { printableKey } from '../../../shared/stores/keys.ts';
import type { SeenItem } from '../driver/services/observation.ts';
import { shownText, shownValue } from './shown.ts';

/** A row that was written, in short. */
export type ShownRow = {
  /** What the row is: its `entity`. */
  readonly type: string;
  readonly key: string;
  readonly change: 'new' | 'changed' | 'removed';
  /** Of a new row and of one that is gone what it says, of a changed one what it said and says. */
  readonly fields: Readonly<Record<string, unknown>>;
};

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Of every row: its address, and its places in the indexes. */
const ADDRESS = /^(?:pk|sk|entity|expiresAt|gsi\d.*)$/;

/** What a row is, by the attribute that says so. */
function typeOf({ before, after }: SeenItem): string {
  const type = (after ?? before)?.entity?.S;
  return typeof type === 'string' ? type : 'row';
}

/** A row of the table as the flow shows it. */
export function shownRow(item: SeenItem): ShownRow {
  const { keys, before, after } = item;
  const { pk = '', sk = '' } = plainFields(keys);
  const row = plainFields(after ?? before ?? {});
  const key = printableKey({ pk: String(pk), sk: String(sk) }).replace(/TOKEN#\S*/g, 'TOKEN#...');
  return {
    type: typeOf(item),
    key: shownText(key),
    ...(before === undefined && { change: 'new' as const, fields: fieldsOf(row) }),
    ...(after === undefined && { change: 'removed' as const, fields: fieldsOf(row) }),
    ...(before && after && changeOf(plainFields(before), row)),
  } as ShownRow;
}

function fieldsOf(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = Object.entries(row).filter(([name]) => !ADDRESS.test(name));
  return Object.fromEntries(named.map(([name, value]) => [name, shownValue(name, value)]));
}

function changeOf(before: Record<string, unknown>, after: Record<string, unknown>) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter(
    (name) => !ADDRESS.test(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const fields = changed.map((name) => [
    name,
    [before[name], after[name]].map((value) => shownValue(name, value ?? null)),
  ]);
  return { change: 'changed' as const, fields: Object.fromEntries(fields) };
}

/** `4 rows: assignment, activity, 2 followers`. */
export function countRows(items: readonly SeenItem[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const type = typeOf(item);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const types = [...counts].map(([type, count]) => (count === 1 ? type : `${type} x ${count}`));
  return `${items.length} ${items.length === 1 ? 'row' : 'rows'}: ${types.join(', ')}`;
}

/** Typed attributes as plain values. */
export function plainFields(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, plainValue(value)]),
  );
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [[type, content] = []] = Object.entries(value);
  switch (type) {
    case 'N':
      return Number(content);
    case 'NULL':
      return null;
    case 'L':
      return (content as Readonly<Record<string, unknown>>[]).map(plainValue);
    case 'M':
      return plainFields(content as Attributes);
    default:
      return content;
  }
}
