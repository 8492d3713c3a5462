/** An owner as a rule names it: a team by its slug, a user by an e-mail address in lower case. */
export type RuleOwner = { readonly type: 'user' | 'team'; readonly identifier: string };

/** What a rule looks at. `tags.release` looks at the tag `release`. */
export type MatcherType = 'path' | 'url' | 'module' | 'codeowners' | `tags.${string}`;

type RuleMatcher = { readonly type: MatcherType; readonly pattern: string };

/**
 * One line of an ownership text. Without owners it is an exclusion, which only CODEOWNERS lines may
 * be.
 */
export type Rule = { readonly matcher: RuleMatcher; readonly owners: readonly RuleOwner[] };

/** Whether the rule says that what it matches has no owner. */
export function isExclusion(rule: Rule): boolean {
  return rule.owners.length === 0;
}

/** The text of an owner in a rule: `#core`, `bob@acme.io`. */
export function ownerText(owner: RuleOwner): string {
  return owner.type === 'team' ? `#${owner.identifier}` : owner.identifier;
}

/** The text form of a rule, `path:*.js #core bob@acme.io`; parsing it gives the same rule again. */
export function ruleText({ matcher, owners }: Rule): string {
  return [`${matcher.type}:${patternText(matcher.pattern)}`, ...owners.map(ownerText)].join(' ');
}

/** Every owner that the rules name, once each, in the order of the text. */
export function ownersInOrder(rules: readonly Rule[]): RuleOwner[] {
  const seen = new Map<string, RuleOwner>();
  for (const rule of rules) {
    for (const owner of rule.owners) {
      const text = ownerText(owner);
      if (!seen.has(text)) {
        seen.set(text, owner);
      }
    }
  }
  return [...seen.values()];
}

const needsQuotes = /^$|^"|\s/;
const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    '\\': '\\\\',
    '"': '\\"',
    '\n': '\\n',
    '\r': '\\r',
  }),
);

function patternText(pattern: string): string {
  if (!needsQuotes.test(pattern)) {
    return pattern;
  }
  return `"${pattern.replace(/[\\"\n\r]/g, (character) => escapes.get(character) ?? character)}"`;
}
