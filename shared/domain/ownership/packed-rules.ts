import { ownerText, type Rule, type RuleOwner } from './rule.ts';

/**
 * CODEOWNERS rules in a short JSON form: each owner once, and for each rule the pattern and the
 * indexes of its owners. A file of many thousand lines names few owners.
 */
export type PackedRules = {
  readonly owners: readonly RuleOwner[];
  readonly rules: readonly (readonly [pattern: string, ...owners: number[]])[];
};

/** Packs CODEOWNERS rules; `unpackRules` reverses it. */
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

/** Unpacks the rules. */
export function unpackRules({ owners, rules }: PackedRules): Rule[] {
  return rules.map(([pattern, ...indexes]) => ({
    matcher: { type: 'codeowners', pattern },
    owners: indexes.flatMap((index) => owners[index] ?? []),
  }));
}

/** Whether a cached value has this form, and not that of an earlier release. */
export function isPackedRules(value: unknown): value is PackedRules {
  const packed = value as Partial<PackedRules> | null | undefined;
  return Array.isArray(packed?.owners) && Array.isArray(packed.rules);
}
