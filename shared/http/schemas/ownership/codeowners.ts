import * as v from 'valibot';
import type { CodeownersChange } from '../../../operations/ownership/codeowners.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { writtenText } from '../written-text.ts';
import { skipTests } from './rule-test.ts';

const LONGEST_ROOT = 1_000;
const LONGEST_ID = 40;
const root = () => maybe(text({ maxLength: LONGEST_ROOT, blank: true }));

/**
 * Control characters other than tabs and line ends. JSON escapes each with six characters, which
 * would make the answer six times as large.
 */
const hasControls = (value: string) => /[^\P{Cc}\t\r\n]/u.test(value);

const codeownersText = v.pipe(
  writtenText(),
  v.check((value) => value.trim() !== '', 'This field may not be blank.'),
  v.check((value) => !hasControls(value), 'Control characters are not allowed.'),
);
/** A mapping of paths; null and absent parts map nothing. */
const codeMapping = maybe(nullable(dictionary({ sourceRoot: root(), stackRoot: root() })));

/** Files of a preview: those that are there by their ids, and new ones. */
export const previewedFiles = v.array(
  dictionary({ id: maybe(text({ maxLength: LONGEST_ID })), raw: codeownersText, codeMapping }),
  'Expected a list of files.',
);

/** The body of a new CODEOWNERS file. */
export const newCodeowners = dictionary({ raw: codeownersText, codeMapping, skipTests });
/** The body of a change of a CODEOWNERS file. */
export const changedCodeowners = dictionary({ raw: maybe(codeownersText), codeMapping, skipTests });
/** The body of the removal of a CODEOWNERS file. */
export const codeownersRemoval = dictionary({ skipTests });

/**
 * Reads the body of a new CODEOWNERS file. Throws `request.invalid` with the messages of every
 * wrong field.
 */
export function parseNewCodeowners(body: unknown): CodeownersChange & { readonly raw: string } {
  const parsed = parseBody(newCodeowners, body);
  return { raw: parsed.raw, ...mappingOf(parsed) };
}

/** Reads the changes of a CODEOWNERS file. Throws as `parseNewCodeowners` does. */
export function parseCodeownersChange(body: unknown): CodeownersChange {
  const parsed = parseBody(changedCodeowners, body);
  return { ...(parsed.raw === undefined ? {} : { raw: parsed.raw }), ...mappingOf(parsed) };
}

/** Whether a body asks for a save although tests fail. Throws `request.invalid`. */
export function parseSkipTests(body: unknown): boolean {
  return parseBody(codeownersRemoval, body).skipTests ?? false;
}

/** A mapping of null becomes one with empty roots, which changes no path. */
export function mappingOf({
  codeMapping: given,
}: Pick<v.InferOutput<typeof changedCodeowners>, 'codeMapping'>): Pick<
  CodeownersChange,
  'codeMapping'
> {
  if (given === undefined) {
    return {};
  }
  const { sourceRoot = '', stackRoot = '' } = given ?? {};
  return { codeMapping: { sourceRoot, stackRoot } };
}
