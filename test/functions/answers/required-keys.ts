import * as v from 'valibot';

/** A key that every value of an object's schema has, and where it is in one value. */
export type RequiredKey = {
  /** The schema of the object, and the key: the same wherever the schema is used. */
  readonly of: v.GenericSchema;
  readonly key: string;
  readonly path: readonly (string | number)[];
};

type Path = RequiredKey['path'];

/** The required keys of a schema that a value gives to see, the first element of each list. */
export function requiredKeysIn(schema: v.GenericSchema, value: unknown, at: Path): RequiredKey[] {
  if (value === null || value === undefined) {
    return [];
  }
  const known = schema as Known;
  switch (known.type) {
    case 'nullable':
    case 'optional':
      return requiredKeysIn(known.wrapped, value, at);
    case 'array':
      return requiredKeysIn(known.item, (value as unknown[])[0], [...at, 0]);
    case 'variant': {
      const { options, key } = known;
      const option = options.find((one) => v.is(pick(one, key), pickFrom(value, key)));
      return option === undefined ? [] : requiredKeysIn(option, value, at);
    }
    case 'strict_object':
      return Object.entries(known.entries).flatMap(([key, entry]) => [
        ...(entry.type === 'optional' ? [] : [{ of: schema, key, path: [...at, key] }]),
        ...requiredKeysIn(entry, (value as Record<string, unknown>)[key], [...at, key]),
      ]);
    default:
      return [];
  }
}

/** Every required key that a schema knows, each with the way to it; optional parts are left out. */
export function requiredKeysOf(schema: v.GenericSchema, at: Path = []): RequiredKey[] {
  const known = schema as Known;
  switch (known.type) {
    case 'nullable':
      return requiredKeysOf(known.wrapped, at);
    case 'array':
      return requiredKeysOf(known.item, [...at, 0]);
    case 'variant':
      return known.options.flatMap((option) => requiredKeysOf(option, at));
    case 'strict_object':
      return Object.entries(known.entries).flatMap(([key, entry]) =>
        entry.type === 'optional'
          ? []
          : [{ of: schema, key, path: [...at, key] }, ...requiredKeysOf(entry, [...at, key])],
      );
    default:
      return [];
  }
}

/** A value without the key at the end of a path. */
export function without(value: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    return value.map((one, index) => (index === step ? without(one, rest) : one));
  }
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== step)
      : entries.map(([key, one]) => [key, key === step ? without(one, rest) : one]),
  );
}

/** What of valibot's schemas the answers are made of. */
type Known =
  | { readonly type: 'nullable' | 'optional'; readonly wrapped: v.GenericSchema }
  | { readonly type: 'array'; readonly item: v.GenericSchema }
  | { readonly type: 'variant'; readonly key: string; readonly options: readonly Objects[] }
  | Objects
  | { readonly type: 'string' };
type Objects = v.GenericSchema & {
  readonly type: 'strict_object';
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
};

const pick = ({ entries }: Objects, key: string) => entries[key] ?? v.never();
const pickFrom = (value: unknown, key: string) => (value as Record<string, unknown>)[key];
