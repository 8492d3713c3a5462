import {
  type AttributeMap,
  type AttributeValue,
  compareValues,
  keyBytes,
  typeOf,
} from './attribute-value.ts';
import type { Comparison } from './condition.ts';
import type { Expressions } from './expressions.ts';
import { isKeyOf, type KeyNames, type TableSchema } from './schemas.ts';
import type { Statement } from './statements.ts';

const MAX_PARTITION_KEY_BYTES = 2_048;
const MAX_SORT_KEY_BYTES = 1_024;

const INVALID = 'One or more parameter values were invalid:';

/** The error of DynamoDB about the keys that a statement writes; undefined if they are valid. */
export function problemOfWrittenKeys(
  { kind, input }: Statement,
  { changes }: Expressions,
  schema: TableSchema,
): string | undefined {
  if (kind === 'Put') {
    return problemOfIndexKeys((input.Item ?? {}) as AttributeMap, schema);
  }
  for (const { path, operands } of changes) {
    const [attribute] = path;
    if (isKeyOf(schema.keys, attribute)) {
      return `${INVALID} Cannot update attribute ${attribute}. This attribute is part of the key`;
    }
    const values = operands.flatMap((operand) =>
      operand.kind === 'call' ? operand.operands : [operand],
    );
    const isTooLarge = values.some(
      (value) =>
        value.kind === 'value' &&
        path.length === 1 &&
        problemOfIndexKeys({ [String(attribute)]: value.value }, schema) !== undefined,
    );
    if (isTooLarge) {
      return (
        `${INVALID} The update expression attempted to update the secondary index key ` +
        'beyond allowed size limits.'
      );
    }
  }
  return undefined;
}

function problemOfIndexKeys(item: AttributeMap, schema: TableSchema): string | undefined {
  return [...schema.indexes.values()]
    .flatMap((index) => [
      problemOfSize(item[index.partition], true),
      index.sort === undefined ? undefined : problemOfSize(item[index.sort], false),
    ])
    .find((problem) => problem !== undefined);
}

function problemOfSize(
  value: AttributeValue | undefined,
  isPartitionKey: boolean,
): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const bytes = keyBytes(value).length;
  if (isPartitionKey) {
    return bytes > MAX_PARTITION_KEY_BYTES
      ? `${INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes`
      : undefined;
  }
  return bytes > MAX_SORT_KEY_BYTES
    ? `${INVALID} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`
    : undefined;
}

/** The error of DynamoDB about the values of a Query; undefined if they are valid. */
export function problemOfQuery(
  { input }: Statement,
  { keyConditions }: Expressions,
  schema: TableSchema,
): string | undefined {
  const keys = input.IndexName ? schema.indexes.get(String(input.IndexName)) : schema.keys;
  const conditions = keyConditions.map(conditionOnKey);
  if (keys === undefined || conditions.some((condition) => condition === undefined)) {
    // The engine refuses what is not a condition on a key.
    return undefined;
  }
  const known = conditions.filter((condition) => condition !== undefined);
  for (const { attribute, values } of known) {
    const problem = values
      .map((value) => problemOfKeyValue(attribute, value, keys, schema))
      .find((found) => found !== undefined);
    if (problem !== undefined) {
      return problem;
    }
  }
  const start = (input.ExclusiveStartKey ?? {}) as AttributeMap;
  const isWhole = [schema.keys, keys].every(({ partition, sort }) =>
    [partition, sort].every((name) => name === undefined || name in start),
  );
  return isWhole ? problemOfStart(start, known, keys) : undefined;
}

type KeyCondition = {
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly AttributeValue[];
};

function conditionOnKey({ operator, operands }: Comparison): KeyCondition | undefined {
  const [first, ...others] = operands;
  const values = others.filter((operand) => operand.kind === 'value').map(({ value }) => value);
  const [attribute, ...deeper] = first?.kind === 'path' ? first.path : [];
  return typeof attribute === 'string' && deeper.length === 0 && values.length === others.length
    ? { attribute, operator, values }
    : undefined;
}

function problemOfKeyValue(
  attribute: string,
  value: AttributeValue,
  keys: KeyNames,
  schema: TableSchema,
): string | undefined {
  if (!isKeyOf(keys, attribute)) {
    return undefined;
  }
  if (typeOf(value) !== schema.types[attribute]) {
    return `${INVALID} Condition parameter type does not match schema type`;
  }
  if (keyBytes(value).length === 0) {
    return (
      'One or more parameter values are not valid. The AttributeValue for a key attribute ' +
      `cannot contain an empty string value. Key: ${attribute}`
    );
  }
  return problemOfSize(value, attribute === keys.partition);
}

/** The error about an exclusive start key that no page can have ended with. */
function problemOfStart(
  start: AttributeMap,
  conditions: readonly KeyCondition[],
  keys: KeyNames,
): string | undefined {
  for (const { attribute, operator, values } of conditions) {
    const from = start[attribute];
    if (from === undefined || values.some((value) => typeOf(value) !== typeOf(from))) {
      return undefined;
    }
    if (!KEY_OPERATORS[operator]?.(from, values)) {
      return attribute === keys.partition
        ? 'The provided starting key is outside query boundaries based on provided conditions'
        : 'The provided starting key does not match the range key predicate';
    }
  }
  return undefined;
}

type KeyOperator = (key: AttributeValue, values: readonly AttributeValue[]) => boolean;

const KEY_OPERATORS: Readonly<Record<string, KeyOperator>> = {
  '=': (key, [value = {}]) => compareValues(key, value) === 0,
  '<': (key, [value = {}]) => compareValues(key, value) < 0,
  '<=': (key, [value = {}]) => compareValues(key, value) <= 0,
  '>': (key, [value = {}]) => compareValues(key, value) > 0,
  '>=': (key, [value = {}]) => compareValues(key, value) >= 0,
  BETWEEN: (key, [lower = {}, upper = {}]) =>
    compareValues(key, lower) >= 0 && compareValues(key, upper) <= 0,
  begins_with: (key, [prefix = {}]) =>
    keyBytes(key).subarray(0, keyBytes(prefix).length).equals(keyBytes(prefix)),
};
