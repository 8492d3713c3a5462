import { type Condition, joinPlaceholders } from './conditions.ts';
import type { Key } from './keys.ts';

/** What becomes of the attributes of a row; those that are not named stay. */
export type Changes = {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Set only where the row has no such attribute. */
  readonly setIfAbsent?: Readonly<Record<string, unknown>>;
  /** Added to the number that is there, or to 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
};

/** An update of single attributes, as a transaction or a single write takes it. */
export type Update = {
  readonly Key: Key;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
};

/** Changes single attributes of a row, where the condition holds. */
export function updateRow(key: Key, changes: Changes, condition?: Condition): Update {
  const { set = {}, setIfAbsent = {}, add = {}, remove = [] } = changes;
  const values = { ...set, ...setIfAbsent, ...add };
  const names = [...Object.keys(values), ...remove];
  return {
    Key: { pk: key.pk, sk: key.sk },
    UpdateExpression: [
      clause('SET', [
        ...Object.keys(set).map((name) => `#${name} = :${name}`),
        ...Object.keys(setIfAbsent).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
      ]),
      clause(
        'REMOVE',
        remove.map((name) => `#${name}`),
      ),
      clause(
        'ADD',
        Object.keys(add).map((name) => `#${name} :${name}`),
      ),
    ]
      .filter((text) => text !== '')
      .join(' '),
    ...(condition && { ConditionExpression: condition.ConditionExpression }),
    ...joinPlaceholders([
      {
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [`:${name}`, value]),
        ),
      },
      condition ?? {},
    ]),
  };
}

function clause(verb: 'SET' | 'REMOVE' | 'ADD', parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${verb} ${parts.join(', ')}`;
}
