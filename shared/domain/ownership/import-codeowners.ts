import { ownerText, type Rule, type RuleOwner, ruleText } from './rule.ts';

/** Where the repository's files stand in stack traces: paths below `sourceRoot` appear below `stackRoot`. */
export type CodeMapping = { readonly sourceRoot: string; readonly stackRoot: string };

/** Who a name of a CODEOWNERS file is here: an owner, an owner without access to the project, or nobody known. */
export type Association =
  | { readonly kind: 'owner'; readonly owner: RuleOwner }
  | { readonly kind: 'withoutAccess'; readonly owner: RuleOwner }
  | { readonly kind: 'missing' };

/** Finds who stands behind `carol@acme.io`, `@login` or `@org/team`. */
export type Associate = (name: string) => Association;

/** The names that gave no owner, by the reason, once each in the order of the file. The keys are Sentry's. */
export type CodeownersErrors = {
  readonly missing_user_emails: readonly string[];
  readonly missing_external_users: readonly string[];
  readonly missing_external_teams: readonly string[];
  readonly teams_without_access: readonly string[];
  readonly users_without_access: readonly string[];
};

export type ImportedCodeowners = {
  /** An ownership text of `codeowners:` lines, with the file's comments. */
  readonly text: string;
  readonly rules: readonly Rule[];
  readonly errors: CodeownersErrors;
};

/**
 * Turns a CODEOWNERS file into ownership rules. Names without an owner here are left out, and so is a line that had
 * names and keeps none; a line that never had any is an exclusion. Lines that CODEOWNERS does not allow (negations,
 * ranges, a `#` or white space in the path) are left out too. In paths with a slash before their end, the first source
 * root becomes the stack root.
 */
export function importCodeowners({
  raw,
  codeMapping,
  associate,
}: {
  readonly raw: string;
  readonly codeMapping: CodeMapping;
  readonly associate: Associate;
}): ImportedCodeowners {
  const lines: string[] = [];
  const rules: Rule[] = [];
  for (const line of readLines(raw)) {
    if (typeof line === 'string') {
      lines.push(line);
      continue;
    }
    const owners = ownersAmong(line.names, associate);
    if (line.names.length > 0 && owners.length === 0) continue;
    const pattern = mapPath(line.path, codeMapping);
    const rule: Rule = { matcher: { type: 'codeowners', pattern }, owners };
    rules.push(rule);
    lines.push(ruleText(rule));
  }
  return { text: lines.join('\n'), rules, errors: problemsOf(codeownersNames(raw), associate) };
}

/** Every name that the file gives as an owner, once each in its order: what has to be looked up for an import. */
export function codeownersNames(raw: string): string[] {
  const lines = readLines(raw);
  return [...new Set(lines.flatMap((line) => (typeof line === 'string' ? [] : line.names)))];
}

/** A line to be kept as it is, or a path and its names; lines that are no part of the result are not there. */
type Line = string | { readonly path: string; readonly names: readonly string[] };

function readLines(raw: string): Line[] {
  return raw.split(/\r\n|\r|\n/).flatMap((line): Line[] => {
    if (line === '' || line.startsWith('#')) return [line];
    const words = line.trim().split(/(?<!\\)\s+/);
    const [path] = words;
    if (!path || !isAllowed(path)) return [];
    const comment = words.indexOf('#');
    return [{ path, names: words.slice(1, comment < 0 ? undefined : comment) }];
  });
}

/** A range is sought by its brackets: an expression for it would walk a long row of them again and again. */
function isAllowed(path: string): boolean {
  const bracket = path.indexOf('[');
  const hasRange = bracket >= 0 && path.indexOf(']', bracket) >= 0;
  return !hasRange && !/[\s!#]/.test(path);
}

function ownersAmong(names: readonly string[], associate: Associate): RuleOwner[] {
  return names.flatMap((name) => {
    const association = associate(name);
    return association.kind === 'owner' ? [association.owner] : [];
  });
}

function mapPath(path: string, { sourceRoot, stackRoot }: CodeMapping): string {
  const isAnchored = /\/./.test(path);
  if (!isAnchored) return path;
  const mapped = path.replace(sourceRoot, () => stackRoot).replace(/(?<!:)\/{2,}/g, '/');
  return mapped === '' ? '/' : mapped;
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

/** What a name of a CODEOWNERS file is: an address, `@login`, or `@org/team`. */
export function codeownersNameKind(name: string): 'email' | 'user' | 'team' {
  if (!name.startsWith('@')) return 'email';
  return name.includes('/') ? 'team' : 'user';
}
