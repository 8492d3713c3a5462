import { invalidFields } from '../../errors.ts';
import type { CodeMapping } from '../codeowners/code-mapping.ts';
import { columnsOf, type Diagnostic, linesOf, skipSpaces } from '../diagnostic.ts';
import { readRules } from '../grammar.ts';
import { newOwnership, type ProjectCodeowners } from '../project-ownership.ts';
import type { RulesContent } from '../versions/rules-content.ts';
import type { RuleTest } from './rule-test.ts';

/** Rules that somebody thinks of saving; what is absent stays as it is. */
export type Proposal = {
  readonly raw?: string | null;
  /** Files in place of those of their ids, and new ones without an id. */
  readonly codeowners?: readonly {
    readonly id?: string;
    readonly raw: string;
    readonly codeMapping?: CodeMapping;
  }[];
  readonly tests?: readonly RuleTest[];
};

const noMapping: CodeMapping = { sourceRoot: '', stackRoot: '' };

/**
 * The rules as they would be after a save. Lines of the text that only a CODEOWNERS file may have
 * are left out, and told. Throws `request.invalid` on `codeowners` for a file that is not there.
 */
export function contentAfter(
  before: RulesContent,
  { raw, codeowners = [], tests = before.tests }: Proposal,
  now: string,
): { readonly content: RulesContent; readonly diagnostics: readonly Diagnostic[] } {
  const files = before.codeowners.map((file) => {
    const given = codeowners.findLast(({ id }) => id === file.id);
    const codeMapping = given?.codeMapping ?? file.codeMapping;
    return given === undefined ? file : { ...file, raw: given.raw, codeMapping };
  });
  const unknown = codeowners.find(
    ({ id }) => id !== undefined && !before.codeowners.some((file) => file.id === id),
  );
  if (unknown !== undefined) {
    throw invalidFields({ codeowners: [`There is no CODEOWNERS file ${unknown.id}.`] });
  }
  const added = codeowners
    .filter(({ id }) => id === undefined)
    .map(
      ({ raw: text, codeMapping = noMapping }, index): ProjectCodeowners => ({
        id: `new-${index + 1}`,
        raw: text,
        codeMapping,
        dateCreated: now,
        dateUpdated: now,
      }),
    );
  const written = raw === undefined ? (before.ownership?.raw ?? null) : raw;
  const usable = withoutFileLines(raw === undefined ? '' : (raw ?? ''));
  const ownership = { ...(before.ownership ?? newOwnership(now)) };
  return {
    content: {
      ownership: { ...ownership, raw: raw === undefined ? written : usable.text },
      tests,
      codeowners: [...files, ...added],
    },
    diagnostics: usable.diagnostics,
  };
}

function withoutFileLines(raw: string): {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
} {
  const lines = linesOf(raw);
  const diagnostics = readRules(raw)
    .rules.filter(({ rule }) => rule.matcher.type === 'codeowners')
    .map(({ line }): Diagnostic => {
      const content = lines[line - 1] ?? '';
      lines[line - 1] = '';
      return {
        source: 'ownership',
        line,
        column: columnsOf(content)(skipSpaces(content, 0)),
        kind: 'unsupported_pattern',
        message: 'Only a CODEOWNERS file has such lines; this one is left out.',
        suggestion: null,
      };
    });
  return diagnostics.length === 0
    ? { text: raw, diagnostics }
    : { text: lines.join('\n'), diagnostics };
}
