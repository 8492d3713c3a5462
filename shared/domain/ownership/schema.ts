import type { Actor } from '../actor.ts';
import type { MatcherType, Rule, RuleOwner } from './rule.ts';

/**
 * Finds who an owner of a rule is, in one project; null for an owner that nobody there answers to.
 */
export type ResolveOwner = (owner: RuleOwner) => Actor | null;

export type SchemaOwner = RuleOwner & { readonly id?: string };

/** Rules as data, the shape that Sentry's clients read. `id` is there for owners that resolve. */
export type OwnershipSchema = {
  readonly $version: 1;
  readonly rules: readonly {
    readonly matcher: { readonly type: MatcherType; readonly pattern: string };
    readonly owners: readonly SchemaOwner[];
  }[];
};

const knownType = /^(?:path|url|module|codeowners|tags\.[^:\r\n]+)$/;

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
 * The rules that are in a schema. Throws a TypeError for another version and for anything of
 * another shape.
 */
export function loadSchema(value: unknown): Rule[] {
  const schema = value as { $version?: unknown; rules?: unknown } | null | undefined;
  if (schema?.$version !== 1) {
    throw new TypeError(`Ownership schema of version ${String(schema?.$version)}, not 1`);
  }
  if (!Array.isArray(schema.rules)) {
    throw malformed(schema.rules);
  }
  return schema.rules.map(loadRule);
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

function loadRule(value: unknown): Rule {
  const rule = value as Partial<Record<keyof Rule, unknown>> | null;
  const matcher = rule?.matcher as Partial<Record<'type' | 'pattern', unknown>> | undefined;
  if (typeof matcher?.type !== 'string' || !knownType.test(matcher.type)) {
    throw malformed(value);
  }
  if (typeof matcher.pattern !== 'string' || !Array.isArray(rule?.owners)) {
    throw malformed(value);
  }
  return {
    matcher: { type: matcher.type as MatcherType, pattern: matcher.pattern },
    owners: rule.owners.map(loadOwner),
  };
}

function loadOwner(value: unknown): RuleOwner {
  const owner = value as Partial<Record<keyof RuleOwner, unknown>> | null;
  const type = owner?.type;
  if ((type !== 'user' && type !== 'team') || typeof owner?.identifier !== 'string') {
    throw malformed(value);
  }
  return { type, identifier: owner.identifier };
}

function malformed(value: unknown): TypeError {
  return new TypeError(`Not a part of an ownership schema: ${JSON.stringify(value)}`);
}
