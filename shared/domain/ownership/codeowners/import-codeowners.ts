import {
  type Diagnostic,
  type DiagnosticKind,
  type DiagnosticSource,
  unknownAddress,
  type Word,
} from '../diagnostic.ts';
import { ownerText, type Rule, type RuleOwner } from '../rule.ts';
import { type CodeMapping, mapPattern } from './code-mapping.ts';
import { type CodeownersEntry, type CodeownersLine, readCodeowners } from './codeowners-file.ts';

export type { CodeMapping };

/**
 * Who a name of a CODEOWNERS file is here: an owner, an owner without access to the project, or
 * nobody known.
 */
export type Association =
  | { readonly kind: 'owner'; readonly owner: RuleOwner }
  | { readonly kind: 'withoutAccess'; readonly owner: RuleOwner }
  | {
      readonly kind: 'missing';
      /** The name that it was meant to be, where one is near. */
      readonly suggestion?: string | null;
    };

/** Finds who is meant by `carol@acme.io`, `@login`, `@group` or `@org/team`. */
export type Associate = (name: string) => Association;

/**
 * The names that gave no owner, by the reason, once each in the order of the file. The keys are
 * Sentry's.
 */
export type CodeownersErrors = {
  readonly missing_user_emails: readonly string[];
  readonly missing_external_users: readonly string[];
  readonly missing_external_teams: readonly string[];
  readonly teams_without_access: readonly string[];
  readonly users_without_access: readonly string[];
};

export type ImportedCodeowners = {
  readonly rules: readonly Rule[];
  readonly errors: CodeownersErrors;
  /** What of the file has no effect, in its order. */
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Turns a CODEOWNERS file into ownership rules. Names without an owner here are left out, and so is
 * a line that had names and keeps none. A line without names has those of the heading above it, and
 * is an exclusion where there are none either. Paths below the source root appear below the stack
 * root. Whatever is left out is told in the diagnostics.
 */
export function importCodeowners({
  raw,
  codeMapping,
  associate,
  source = 'codeowners:',
}: {
  readonly raw: string;
  readonly codeMapping: CodeMapping;
  readonly associate: Associate;
  readonly source?: DiagnosticSource;
}): ImportedCodeowners {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (line, { column }, problem) =>
    diagnostics.push({ source, line, column, suggestion: null, ...problem });
  return {
    rules: rulesOf(readCodeowners(raw), { codeMapping, associate, report }),
    errors: problemsOf(codeownersNames(raw), associate),
    diagnostics,
  };
}

type Problem = {
  readonly kind: DiagnosticKind;
  readonly message: string;
  readonly suggestion?: string | null;
};
type Report = (line: number, word: Word, problem: Problem) => void;
type ImportContext = {
  readonly codeMapping: CodeMapping;
  readonly associate: Associate;
  readonly report: Report;
};

function rulesOf(lines: readonly CodeownersLine[], context: ImportContext): Rule[] {
  const rules: Rule[] = [];
  let ofHeading: readonly RuleOwner[] = [];
  for (const read of lines) {
    switch (read.kind) {
      case 'unsupported':
        context.report(read.line, read.path, read.problem);
        break;
      case 'heading':
        ofHeading = ownersAmong(read, context);
        break;
      case 'entry':
        rules.push(...ruleOf(read, ofHeading, context));
        break;
    }
  }
  return rules;
}

/** The rule of a line; none for a line that named owners, or whose heading did, and keeps none. */
function ruleOf(
  entry: CodeownersEntry,
  ofHeading: readonly RuleOwner[],
  context: ImportContext,
): Rule[] {
  const { line, path, names, heading } = entry;
  const owners = names.length > 0 ? ownersAmong(entry, context) : ofHeading;
  const isExclusion = names.length === 0 && (heading === null || heading.names.length === 0);
  if (owners.length > 0 || isExclusion) {
    const pattern = mapPattern(path.text, context.codeMapping);
    return [{ matcher: { type: 'codeowners', pattern }, owners }];
  }
  if (names.length === 0) {
    context.report(line, path, {
      kind: 'missing_owner',
      message: `${path.text} is left out: none of the owners of the heading in line ${heading?.line} is known.`,
    });
  }
  return [];
}

/** The owners that the names of a line stand for; each name without an owner is reported. */
function ownersAmong(
  { line, names }: Pick<CodeownersEntry, 'line' | 'names'>,
  { associate, report }: ImportContext,
): RuleOwner[] {
  return names.flatMap((name) => {
    const association = associate(name.text);
    if (association.kind === 'owner') {
      return [association.owner];
    }
    report(line, name, nameProblem(name.text, association));
    return [];
  });
}

/**
 * Every name that the file gives as an owner, once each in its order: what has to be looked up for
 * an import.
 */
export function codeownersNames(raw: string): string[] {
  const namesOf = (line: CodeownersLine) => (line.kind === 'unsupported' ? [] : line.names);
  return [...new Set(readCodeowners(raw).flatMap((line) => namesOf(line).map(({ text }) => text)))];
}

function nameProblem(name: string, association: Exclude<Association, { kind: 'owner' }>): Problem {
  if (association.kind === 'withoutAccess') {
    return {
      kind: 'no_access',
      message: `${name} is ${ownerText(association.owner)}, who has no access to this project.`,
    };
  }
  const { suggestion = null } = association;
  const kind = codeownersNameKind(name);
  if (kind === 'team') {
    const message = `No team of this organization is known as ${name}.`;
    return { kind: 'unknown_team', message, suggestion };
  }
  return {
    kind: 'unknown_user',
    suggestion,
    message:
      kind === 'email' ? unknownAddress(name) : `Nobody in this organization is known as ${name}.`,
  };
}

function problemsOf(names: readonly string[], associate: Associate): CodeownersErrors {
  const problems = names.map((name) => ({ name, association: associate(name) }));
  const missing = problems.flatMap(({ name, association }) =>
    association.kind === 'missing' ? [name] : [],
  );
  const withoutAccess = problems.flatMap(({ association }) =>
    association.kind === 'withoutAccess' ? [association.owner] : [],
  );
  return {
    missing_user_emails: missing.filter((name) => codeownersNameKind(name) === 'email'),
    missing_external_users: missing.filter((name) => codeownersNameKind(name) === 'user'),
    missing_external_teams: missing.filter((name) => codeownersNameKind(name) === 'team'),
    teams_without_access: textsOf(withoutAccess, 'team'),
    users_without_access: textsOf(withoutAccess, 'user'),
  };
}

function textsOf(owners: readonly RuleOwner[], type: RuleOwner['type']): string[] {
  return [...new Set(owners.filter((owner) => owner.type === type).map(ownerText))];
}

/**
 * What a name of a CODEOWNERS file looks like: an address, `@login` (which may be a group), or
 * `@org/team`.
 */
export function codeownersNameKind(name: string): 'email' | 'user' | 'team' {
  if (!name.startsWith('@')) {
    return 'email';
  }
  return name.includes('/') ? 'team' : 'user';
}
