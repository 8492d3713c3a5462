import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPackedRules,
  packRules,
  unpackRules,
} from '../../../shared/domain/ownership/packed-rules.ts';
import type { Rule } from '../../../shared/domain/ownership/rule.ts';

describe('packed rules', () => {
  const owner = fc.record({
    type: fc.constantFrom('user' as const, 'team' as const),
    identifier: fc.oneof(fc.string(), fc.constantFrom('web', '#web', 'a@b')),
  });
  const rule: fc.Arbitrary<Rule> = fc.record({
    matcher: fc.record({ type: fc.constant('codeowners' as const), pattern: fc.string() }),
    owners: fc.array(owner, { maxLength: 3 }),
  });

  it('are the same rules again after a journey as JSON', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), (rules) => {
        const packed: unknown = JSON.parse(JSON.stringify(packRules(rules)));
        expect(isPackedRules(packed) && unpackRules(packed)).toEqual(rules);
      }),
    );
  });

  it.each([undefined, null, { text: 'codeowners:/a #b' }, [], 'x'])('are not %j', (value) => {
    expect(isPackedRules(value)).toBe(false);
  });
});
