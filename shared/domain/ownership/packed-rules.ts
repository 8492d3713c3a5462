import { ownerText, type Rule, type RuleOwner } from './rule.ts';

/**
 * CODEOWNERS rules as data that is short in JSON: each owner once, and for each rule its pattern
 * and the places of its owners in that list. A file of many thousand lines names few owners.
 */
export type PackedRules = {
  readonly owners: readonly RuleOwner[];
  readonly rules: readonly (readonly [pattern: string, ...owners: number[]])[];
};

/** Packs rules of CODEOWNERS; `unpackRules` gives the same ones again. */
export function packRules(rules: readonly Rule[]): PackedRules {
  const indexes = new Map<string, number>();
  const owners: RuleOwner[] = [];
  const indexOf = (owner: RuleOwner): number => {
    const key = `${owner.type}:${ownerText(owner)}`;
    const known = indexes.get(key);
    if (known !== undefined) {
      return known;
    }
    indexes.set(key, owners.length);
    owners.push({ type: owner.type, identifier: owner.identifier });
    return owners.length - 1;
  };
  return {
    rules: rules.map(({ matcher, owners: ofRule }) => [matcher.pattern, ...ofRule.map(indexOf)]),
    owners,
  };
}

/** The rules that were packed. */
export function unpackRules({ owners, rules }: PackedRules): Rule[] {
  return rules.map(([pattern, ...indexes]) => ({
    matcher: { type: 'codeowners', pattern },
    owners: indexes.flatMap((index) => owners[index] ?? []),
  }));
}

/**
 * Whether a value that was read from the cache is packed rules, and not what an earlier release
 * left there.
 */
export function isPackedRules(value: unknown): value is PackedRules {
  const packed = value as Partial<PackedRules> | null | undefined;
  return Array.isArray(packed?.owners) && Array.isArray(packed.rules);
}
