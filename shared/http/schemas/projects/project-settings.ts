import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import {
  FIXED_SETTINGS,
  fieldOfOption,
  optionsProblem,
  type ProjectOptions,
  type ProjectSettings,
} from '../../../domain/projects/project-options.ts';
import { boolean, integer, maybe, nullable, text } from '../../fields.ts';

const A_YEAR_IN_HOURS = 366 * 24;
const A_DAY_IN_SECONDS = 24 * 60 * 60;
const LONGEST_RULES = 16_384;
const LONGEST_ENTRY = 200;
const MOST_ENTRIES = 100;

const domains = v.pipe(
  listOf(text({ maxLength: LONGEST_ENTRY, blank: true })),
  v.transform((given) => given.filter((domain) => domain !== '')),
);

/** The schema of each setting. Null resets a setting that may be empty. */
const settings = {
  resolveAge: nullable(integer({ min: 0, max: A_YEAR_IN_HOURS })),
  defaultEnvironment: nullable(text({ maxLength: 64, blank: true })),
  subjectPrefix: text({ maxLength: 200, blank: true }),
  subjectTemplate: text({ maxLength: 200, blank: true }),
  digestsMinDelay: integer({ min: 60, max: A_DAY_IN_SECONDS }),
  digestsMaxDelay: integer({ min: 60, max: A_DAY_IN_SECONDS }),
  allowedDomains: domains,
  scrapeJavaScript: boolean(),
  securityToken: pattern(text({ maxLength: 255, blank: true }), /^[-a-zA-Z0-9+/=\s]*$/),
  securityTokenHeader: pattern(text({ maxLength: 20, blank: true }), /^[a-zA-Z0-9_-]*$/),
  verifySSL: boolean(),
  fingerprintingRules: text({ maxLength: LONGEST_RULES, blank: true }),
  groupingEnhancements: text({ maxLength: LONGEST_RULES, blank: true }),
  groupingConfig: text({ maxLength: 64, blank: true }),
  highlightTags: listOf(text({ maxLength: LONGEST_ENTRY })),
  highlightContext: v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(
      isDictionary,
      'Invalid data. Expected a dictionary.',
    ),
    v.record(v.string(), listOf(text({ maxLength: LONGEST_ENTRY }))),
  ),
} satisfies Record<keyof ProjectSettings, v.GenericSchema>;

/** The fields of an update that change settings. */
export const settingFields = mapped(settings, (schema) => maybe(schema));

/** Settings that Baton does not have: an update may only repeat the fixed value. */
export const fixedSettingFields = mapped(FIXED_SETTINGS, (value) =>
  maybe(
    v.pipe(
      v.custom<unknown>(
        (given) => isDeepStrictEqual(given, value),
        `Baton does not support this setting; it can only be ${JSON.stringify(value)}.`,
      ),
      v.metadata({ const: value }),
    ),
  ),
);

/** Options by name. An option that is also a setting is checked by that setting's schema. */
export const projectOptions = v.pipe(
  v.custom<ProjectOptions>(isDictionary, 'Invalid data. Expected a dictionary.'),
  v.metadata({ type: 'object' }),
  v.rawTransform<ProjectOptions, ProjectOptions>(({ dataset: { value }, addIssue, NEVER }) => {
    const refusal = optionsProblem(value);
    if (refusal !== undefined) {
      addIssue({ message: refusal });
      return NEVER;
    }
    const read = Object.entries(value).map(([name, given]) => ({
      name,
      ...readOption(name, given),
    }));
    const wrong = read.filter(({ refused }) => refused !== undefined);
    for (const { name, refused } of wrong) {
      addIssue({ message: `${name}: ${refused}` });
    }
    return wrong.length > 0
      ? NEVER
      : Object.fromEntries(read.map(({ name, value: one }) => [name, one]));
  }),
);

/** Null removes any option. */
function readOption(name: string, given: unknown): { value?: unknown; refused?: string } {
  const field = fieldOfOption(name);
  if (field === undefined || given === null) {
    return { value: given };
  }
  const result = v.safeParse(settings[field], given);
  return result.success ? { value: result.output } : { refused: result.issues[0].message };
}

function listOf<const T extends v.GenericSchema>(entry: T) {
  return v.pipe(
    v.array(entry, 'Expected a list of items.'),
    v.maxLength(MOST_ENTRIES, `Ensure this field has no more than ${MOST_ENTRIES} elements.`),
  );
}

function pattern<const T extends v.GenericSchema<unknown, string>>(schema: T, form: RegExp) {
  return v.pipe(schema, v.regex(form, 'This value does not match the required pattern.'));
}

function isDictionary(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function mapped<T extends object, R>(
  entries: T,
  map: (value: T[keyof T]) => R,
): { [K in keyof T]: R } {
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [name, map(value as T[keyof T])]),
  ) as { [K in keyof T]: R };
}
