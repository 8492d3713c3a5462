import { type CodeMapping, mapPattern } from './code-mapping.ts';
import { type CodeownersLine, readCodeowners } from './codeowners-file.ts';
import type { Diagnostic, DiagnosticKind, DiagnosticSource, Word } from './diagnostic.ts';
import { ownerText, type Rule, type RuleOwner } from './rule.ts';

export type { CodeMapping };

/**
 * Who a name of a CODEOWNERS file is here: an owner, an owner without access to the project, or
 * nobody known.
 */
export type Association =
  | { readonly kind: 'owner'; readonly owner: RuleOwner }
  | { readonly kind: 'withoutAccess'; readonly owner: RuleOwner }
  | { readonly kind: 'missing' };

/** Finds who stands behind `carol@acme.io`, `@login`, `@group` or `@org/team`. */
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
  const rules: Rule[] = [];
  const diagnostics: Diagnostic[] = [];
  const report = (line: number, { column }: Word, kind: DiagnosticKind, message: string) =>
    diagnostics.push({ source, line, column, kind, message, suggestion: null });
  const ownersAmong = (line: number, names: readonly Word[]) =>
    names.flatMap((name) => {
      const association = associate(name.text);
      if (association.kind === 'owner') {
        return [association.owner];
      }
      const problem = nameProblem(name.text, association);
      report(line, name, problem.kind, problem.message);
      return [];
    });
  let ofHeading: readonly RuleOwner[] = [];
  for (const read of readCodeowners(raw)) {
    if (read.kind === 'unsupported') {
      report(read.line, read.path, read.problem.kind, read.problem.message);
      continue;
    }
    if (read.kind === 'heading') {
      ofHeading = ownersAmong(read.line, read.names);
      continue;
    }
    const { line, path, names, heading } = read;
    const owners = names.length > 0 ? ownersAmong(line, names) : ofHeading;
    const isNamed = names.length > 0 || (heading !== null && heading.names.length > 0);
    if (isNamed && owners.length === 0) {
      if (names.length === 0) {
        report(
          line,
          path,
          'missing_owner',
          `${path.text} is left out: none of the owners of the heading in line ${heading?.line} is known.`,
        );
      }
      continue;
    }
    const pattern = mapPattern(path.text, codeMapping);
    rules.push({ matcher: { type: 'codeowners', pattern }, owners });
  }
  return { rules, errors: problemsOf(codeownersNames(raw), associate), diagnostics };
}

/**
 * Every name that the file gives as an owner, once each in its order: what has to be looked up for
 * an import.
 */
export function codeownersNames(raw: string): string[] {
  const namesOf = (line: CodeownersLine) => (line.kind === 'unsupported' ? [] : line.names);
  return [...new Set(readCodeowners(raw).flatMap((line) => namesOf(line).map(({ text }) => text)))];
}

function nameProblem(
  name: string,
  association: Exclude<Association, { kind: 'owner' }>,
): { readonly kind: DiagnosticKind; readonly message: string } {
  if (association.kind === 'withoutAccess') {
    return {
      kind: 'no_access',
      message: `${name} is ${ownerText(association.owner)}, who has no access to this project.`,
    };
  }
  const kind = codeownersNameKind(name);
  if (kind === 'team') {
    return { kind: 'unknown_team', message: `No team of this organization is known as ${name}.` };
  }
  return {
    kind: 'unknown_user',
    message:
      kind === 'email'
        ? `${name} is no address of anybody in this organization.`
        : `Nobody in this organization is known as ${name}.`,
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
