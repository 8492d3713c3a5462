import type { Actor } from '../actor.ts';
import type { MatcherType, Rule, RuleOwner } from './rule.ts';

/**
 * Finds who an owner of a rule is, in one project; null for an owner that nobody there answers to.
 */
export type ResolveOwner = (owner: RuleOwner) => Actor | null;

type SchemaOwner = RuleOwner & { readonly id?: string };

/** Rules as data, the shape that Sentry's clients read. `id` is there for owners that resolve. */
export type OwnershipSchema = {
  readonly $version: 1;
  readonly rules: readonly {
    readonly matcher: { readonly type: MatcherType; readonly pattern: string };
    readonly owners: readonly SchemaOwner[];
  }[];
};

/** The rules as data; with `resolve`, each owner that it knows carries its id. */
export function dumpSchema(
  rules: readonly Rule[],
  resolve: ResolveOwner = () => null,
): OwnershipSchema {
  return {
    $version: 1,
    rules: rules.map(({ matcher, owners }) => ({
      matcher: { type: matcher.type, pattern: matcher.pattern },
      owners: owners.map((owner) => {
        const actor = resolve(owner);
        const { type, identifier } = owner;
        return actor ? { type, identifier, id: actor.id } : { type, identifier };
      }),
    })),
  };
}

/**
 * The schema as an API shows it: only owners that resolve, under `name`. A rule that is left
 * without any is not shown; an exclusion, which never had one, is.
 */
export function presentSchema(rules: readonly Rule[], resolve: ResolveOwner) {
  const present = dumpSchema(rules, resolve).rules.flatMap(({ matcher, owners }) => {
    const known = owners.flatMap(({ type, identifier, id }) =>
      id === undefined ? [] : [{ type, name: identifier, id }],
    );
    return owners.length > 0 && known.length === 0 ? [] : [{ matcher, owners: known }];
  });
  return { $version: 1 as const, rules: present };
}
