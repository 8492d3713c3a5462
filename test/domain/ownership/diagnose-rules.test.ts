import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Associate,
  type Association,
  codeownersNameKind,
  importCodeowners,
} from '../../../shared/domain/ownership/codeowners/import-codeowners.ts';
import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import { diagnoseRules } from '../../../shared/domain/ownership/diagnose-rules.ts';
import type { Diagnostic } from '../../../shared/domain/ownership/diagnostic.ts';
import { readRules } from '../../../shared/domain/ownership/grammar.ts';
import type { Rule, RuleOwner } from '../../../shared/domain/ownership/rule.ts';
import { presentSchema, type ResolveOwner } from '../../../shared/domain/ownership/schema.ts';
import { evaluateOwnership, event } from './builders.ts';

/**
 * `here` may own in the project, `away` is of the organization and may not, nobody knows anybody
 * else.
 */
const resolve: ResolveOwner = ({ type, identifier }) =>
  identifier.startsWith('here') ? { type, id: identifier } : null;

const ownerOf = (name: string): RuleOwner =>
  codeownersNameKind(name) === 'team'
    ? { type: 'team', identifier: name.slice(name.indexOf('/') + 1) }
    : { type: 'user', identifier: name.replace(/^@/, '') };

/** As whoever saves a file is told. */
const associate: Associate = (name): Association => {
  const owner = ownerOf(name);
  if (resolve(owner) !== null) {
    return { kind: 'owner', owner };
  }
  return owner.identifier.startsWith('away')
    ? { kind: 'withoutAccess', owner }
    : { kind: 'missing' };
};

/** As evaluations see it: who has access is asked for each event. */
const associateLive: Associate = (name): Association => {
  const association = associate(name);
  return association.kind === 'withoutAccess'
    ? { kind: 'owner', owner: association.owner }
    : association;
};

const suggest = ({ type }: RuleOwner) => (type === 'team' ? '#here' : null);

const subject = event(['/a/b.js', 'a/x', '/x/a', 'a b', 'here']);
const compiled = (rules: readonly Rule[]) => compileRules(rules);
const none = compiled([]);

/** The rules that a schema shows, read back from what a client sees of it. */
function shownRules(rules: readonly Rule[]): Rule[] {
  return presentSchema(rules, resolve).rules.map(({ matcher, owners }) => ({
    matcher,
    owners: owners.map(({ type, name }) => ({ type, identifier: name })),
  }));
}

function outcomeOf(rules: readonly Rule[], source: 'rules' | 'codeowners') {
  const { winner, owners } = evaluateOwnership({
    rules: none,
    codeowners: none,
    [source]: compiled(rules),
    event: subject,
    resolve,
  });
  return { winner: winner?.actor ?? null, owners: owners.map(({ actor }) => actor) };
}

/** Each line that is none of these has to be a rule: without the line there is one rule less. */
function expectNoLineLost(
  text: string,
  isSilent: (line: string) => boolean,
  read: (text: string) => {
    rules: readonly Rule[];
    diagnostics: readonly Diagnostic[];
  },
): void {
  const lines = text.split(/\r\n|\r|\n/);
  const { rules, diagnostics } = read(text);
  const shown = shownRules(rules).length;
  for (const [index, line] of lines.entries()) {
    if (isSilent(line) || diagnostics.some((diagnostic) => diagnostic.line === index + 1)) {
      continue;
    }
    const without = lines.with(index, '').join('\n');
    expect(shownRules(read(without).rules).length, `line ${index + 1} of ${text}`).toBe(shown - 1);
  }
  for (const { line, column } of diagnostics) {
    const at = [...(lines[line - 1] ?? '')];
    expect(at[column - 1], `line ${line}, column ${column} of ${text}`).toMatch(/\S/u);
    // A word may follow a closing quote at once.
    expect(at[column - 2] ?? ' ').toMatch(/[\s"]/u);
  }
}

const pieces = [
  '/a/',
  'a',
  '*.js',
  '**',
  ' ',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '#',
  '!',
  '[',
  ']',
  '[2]',
  '^',
  '[Docs]',
  '\\',
  '\\ ',
  '"',
  ':',
  'path:',
  'url:',
  'tags.',
  '😀',
  ' @here',
  ' @away',
  ' @ghost',
  ' @x/here',
  ' @x/ghost',
  ' here@x.io',
  ' ghost@x.io',
  ' #here',
  ' #away',
  ' #ghost',
];
const text = fc
  .array(fc.constantFrom(...pieces), { maxLength: 24 })
  .map((chosen) => chosen.join(''));

describe('a CODEOWNERS file', () => {
  const isSilent = (line: string) =>
    line.trim() === '' ||
    line.trim().startsWith('#') ||
    /^\s*\^?\[[^\]]*[^\]\s][^\]]*\](?:\[\d+\])?(?:\s|$)/.test(line);
  const read = (associateNames: Associate) => (raw: string) =>
    importCodeowners({
      raw,
      codeMapping: { sourceRoot: '', stackRoot: '' },
      associate: associateNames,
    });

  it('loses no line without a word, and points at the beginning of a word', () => {
    fc.assert(
      fc.property(text, (raw) => expectNoLineLost(raw, isSilent, read(associate))),
      { numRuns: 2000 },
    );
  });

  it('is evaluated as its schema is shown', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const shown = shownRules(read(associate)(raw).rules);
        const live = read(associateLive)(raw).rules;
        expect(outcomeOf(live, 'codeowners')).toEqual(outcomeOf(shown, 'codeowners'));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an ownership text', () => {
  const isSilent = (line: string) => line.trim() === '' || line.trim().startsWith('#');
  const read = (raw: string) => {
    const rules = readRules(raw);
    const diagnostics = diagnoseRules(
      rules,
      (owner) => {
        if (resolve(owner) !== null) {
          return 'hasAccess';
        }
        return owner.identifier.startsWith('away') ? 'withoutAccess' : 'unknown';
      },
      suggest,
    );
    return { rules: rules.rules.map(({ rule }) => rule), diagnostics };
  };

  it('loses no line without a word, and points at the beginning of a word', () => {
    fc.assert(
      fc.property(text, (raw) => expectNoLineLost(raw, isSilent, read)),
      { numRuns: 2000 },
    );
  });

  it('is evaluated as its schema is shown', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const { rules } = read(raw);
        expect(outcomeOf(rules, 'rules')).toEqual(outcomeOf(shownRules(rules), 'rules'));
      }),
      { numRuns: 2000 },
    );
  });

  it('says of each bad word what is wrong with it', () => {
    const raw = [
      '😀 #ghost ghost@x.io #away',
      'path:app/*',
      'url: #here',
      'path:my file.js #here',
      'x here@x.io # why',
    ].join('\n');
    expect(
      read(raw).diagnostics.map(({ line, column, kind, suggestion }) => [
        line,
        column,
        kind,
        suggestion,
      ]),
    ).toEqual([
      [1, 3, 'unknown_team', '#here'],
      [1, 10, 'unknown_user', null],
      [1, 21, 'no_access', null],
      [2, 1, 'missing_owner', null],
      [3, 1, 'unsupported_pattern', null],
      [4, 9, 'quote_pattern', 'put the pattern in quotes'],
    ]);
  });
});
