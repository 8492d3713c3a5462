import { type Diagnostic, type DiagnosticKind, unknownAddress } from './diagnostic.ts';
import type { ReadRules } from './grammar.ts';
import type { OwnerAccess } from './ownership-text.ts';
import { ownerText, type RuleOwner } from './rule.ts';

/** The name that an unknown one was meant to be; null where none is near. */
export type SuggestOwner = (owner: RuleOwner) => string | null;

/** What of a project's own rules has no effect, in the order of their text. */
export function diagnoseRules(
  { rules, unreadable }: ReadRules,
  accessOf: (owner: RuleOwner) => OwnerAccess,
  suggest: SuggestOwner,
): Diagnostic[] {
  const found: Diagnostic[] = unreadable.map(({ line, column, lacks }) => ({
    source: 'ownership',
    line,
    column,
    kind: lacks === 'owner' ? 'missing_owner' : 'unsupported_pattern',
    message:
      lacks === 'owner'
        ? 'This line names no owner and is left out.'
        : 'This line has no pattern and is left out.',
    suggestion: null,
  }));
  for (const { line, rule, ownerColumns } of rules) {
    for (const [index, owner] of rule.owners.entries()) {
      const access = accessOf(owner);
      if (access === 'hasAccess') {
        continue;
      }
      const column = ownerColumns[index] ?? 1;
      found.push({ source: 'ownership', line, column, ...ownerProblem(owner, access, suggest) });
    }
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

function ownerProblem(
  owner: RuleOwner,
  access: Exclude<OwnerAccess, 'hasAccess'>,
  suggest: SuggestOwner,
): {
  readonly kind: DiagnosticKind;
  readonly message: string;
  readonly suggestion: string | null;
} {
  const name = ownerText(owner);
  if (access === 'withoutAccess') {
    return {
      kind: 'no_access',
      message: `${name} has no access to this project.`,
      suggestion: null,
    };
  }
  if (owner.type === 'team') {
    return {
      kind: 'unknown_team',
      message: `No team of this organization is called ${name}.`,
      suggestion: suggest(owner),
    };
  }
  if (!name.includes('@')) {
    return {
      kind: 'quote_pattern',
      message: `${name} is neither an address nor a #team; a pattern with spaces is written in quotes.`,
      suggestion: 'put the pattern in quotes',
    };
  }
  return {
    kind: 'unknown_user',
    message: unknownAddress(name),
    suggestion: suggest(owner),
  };
}
