import * as v from 'valibot';
import { isLongerThan } from '../domain/code-points.ts';
import { invalidFields } from '../domain/errors.ts';

/**
 * The fields of request bodies. They take what Sentry's clients send for each kind, booleans as
 * words and numbers as text too, and refuse the rest with the sentences that those clients know.
 */
type Parsed<T> = { readonly value: T } | { readonly refusal: string };

const isNull = { refusal: 'This field may not be null.' };

const booleans: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...[true, 1, '1', 't', 'y', 'yes', 'true', 'on'].map((word) => [word, true] as const),
  ...[false, 0, '0', 'f', 'n', 'no', 'false', 'off'].map((word) => [word, false] as const),
]);

/** A boolean, also as 1, 0 and the words for yes and no. */
export function boolean() {
  return field<boolean>({ type: 'boolean' }, (given) => {
    const value = booleans.get(typeof given === 'string' ? given.trim().toLowerCase() : given);
    return value === undefined ? { refusal: 'Must be a valid boolean.' } : { value };
  });
}

/** A whole number between bounds, also as text. */
export function integer({ min, max }: { readonly min: number; readonly max: number }) {
  return field<number>({ type: 'integer', minimum: min, maximum: max }, (given) => {
    const value = wholeNumber(given);
    if (value === undefined) {
      return { refusal: 'A valid integer is required.' };
    }
    if (value < min) {
      return { refusal: `Ensure this value is greater than or equal to ${min}.` };
    }
    if (value > max) {
      return { refusal: `Ensure this value is less than or equal to ${max}.` };
    }
    return { value };
  });
}

/**
 * Text without the spaces around it, of at most so many code points; numbers count as text. Empty
 * text is refused unless `blank`.
 */
export function text({
  maxLength,
  blank = false,
}: {
  readonly maxLength: number;
  readonly blank?: boolean;
}) {
  const shortest = blank ? {} : { minLength: 1 };
  return field<string>({ type: 'string', ...shortest, maxLength }, (given) => {
    if (typeof given !== 'string' && typeof given !== 'number') {
      return { refusal: 'Not a valid string.' };
    }
    const value = String(given).trim();
    if (value === '' && !blank) {
      return { refusal: 'This field may not be blank.' };
    }
    if (value.includes('\0')) {
      return { refusal: 'Null characters are not allowed.' };
    }
    if (isLongerThan(value, maxLength)) {
      return { refusal: `Ensure this field has no more than ${maxLength} characters.` };
    }
    return { value };
  });
}

/** One of several words. */
export function choice<const T extends string>(words: readonly T[]) {
  return field<T>({ type: 'string', enum: words }, (given) => {
    const value = words.find((word) => word === given);
    return value === undefined
      ? { refusal: `"${describe(given)}" is not a valid choice.` }
      : { value };
  });
}

/** An object of any fields, which are read by themselves. */
export function anyDictionary() {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isDictionary, refusalOfOther),
    v.metadata({ type: 'object' }),
  );
}

/** An object with these fields; others are ignored. */
export function dictionary<const T extends v.ObjectEntries>(entries: T) {
  return v.pipe(
    v.custom<Record<string, unknown>>(isDictionary, refusalOfOther),
    v.object(entries, 'This field is required.'),
  );
}

/** An object with these fields and no other one. */
export function closedDictionary<const T extends v.ObjectEntries>(entries: T) {
  return v.pipe(
    v.custom<Record<string, unknown>>(isDictionary, refusalOfOther),
    v.strictObject(entries, ({ expected }) =>
      expected === 'never' ? 'Unknown field.' : 'This field is required.',
    ),
  );
}

/** A field of a dictionary that may be absent. */
export const maybe = v.exactOptional;

/** A field that may also be null. */
export const nullable = v.nullable;

/**
 * What a body says by its schema; no body is an empty one. Throws `request.invalid` with the
 * messages of every field that is wrong; what is wrong inside of a field is told under the outer
 * field's name.
 */
export function parseBody<T extends v.GenericSchema>(schema: T, body: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, body === undefined ? {} : body);
  if (result.success) {
    return result.output;
  }
  const messages = new Map<string, string[]>();
  for (const issue of result.issues) {
    const [name = 'non_field_errors', ...inside] = (issue.path ?? []).map(({ key }) => String(key));
    const message = [...inside, issue.message].join(': ');
    messages.set(name, [...(messages.get(name) ?? []), message]);
  }
  throw invalidFields(Object.fromEntries(messages));
}

/** A field, with the JSON Schema of what clients are told to send; `parse` takes more than that. */
function field<T>(
  documented: Readonly<Record<string, unknown>>,
  parse: (given: unknown) => Parsed<T>,
) {
  return v.pipe(
    v.unknown(),
    v.metadata(documented),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const parsed = dataset.value === null ? isNull : parse(dataset.value);
      if ('value' in parsed) {
        return parsed.value;
      }
      addIssue({ message: parsed.refusal });
      return NEVER;
    }),
  );
}

function wholeNumber(given: unknown): number | undefined {
  if (typeof given === 'string' && !/^\s*[+-]?[0-9]{1,300}(?:\.0*)?\s*$/.test(given)) {
    return undefined;
  }
  if (typeof given !== 'string' && typeof given !== 'number') {
    return undefined;
  }
  const value = Number(given);
  return Number.isInteger(value) ? value : undefined;
}

function isDictionary(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function refusalOfOther({ input }: { readonly input: unknown }): string {
  if (input === null) {
    return isNull.refusal;
  }
  return `Invalid data. Expected a dictionary, but got ${kindOf(input)}.`;
}

/** The names that clients know for the kinds of JSON. */
function kindOf(given: unknown): string {
  if (Array.isArray(given)) {
    return 'list';
  }
  if (typeof given === 'string') {
    return 'str';
  }
  if (typeof given === 'boolean') {
    return 'bool';
  }
  return Number.isInteger(given) ? 'int' : 'float';
}

function describe(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}
