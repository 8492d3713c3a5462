import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import { MAXIMUM_STEPS, type RuleSource } from '../../../shared/domain/ownership/evaluate.ts';
import { type Rule, ruleText } from '../../../shared/domain/ownership/rule.ts';
import { evaluate, evaluateOwnership, event, resolve } from './builders.ts';
import { matchesOf } from './reference.ts';

describe('an evaluation', () => {
  it('is what the rules of matching say, frame by frame', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '/', '*', '**/', '?', 'aba');
    const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    const owners = fc.constantFrom<Rule['owners']>(
      [],
      [{ type: 'team', identifier: 'x' }],
      [{ type: 'team', identifier: 'gone' }],
    );
    const codeowners = fc.record({
      matcher: fc.record({ type: fc.constant('codeowners' as const), pattern }),
      owners,
    });
    const own = fc.record({
      matcher: fc.record({ type: fc.constant('path' as const), pattern }),
      owners: fc.constant([{ type: 'team' as const, identifier: 'x' }]),
    });
    const frame = fc.record({
      filename: fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 6 }),
      inApp: fc.boolean(),
    });
    const numbered = (list: readonly Rule[]) =>
      list.map((rule, at) => ({
        ...rule,
        owners: rule.owners.map(({ type, identifier }) => ({
          type,
          identifier: `${identifier}${at}`,
        })),
      }));
    fc.assert(
      fc.property(
        fc.array(own, { maxLength: 6 }),
        fc.array(codeowners, { maxLength: 8 }),
        fc.array(frame, { maxLength: 6 }),
        (rules, owned, frames) => {
          const bySource: Record<RuleSource, readonly Rule[]> = {
            ownership_rule: numbered(rules),
            codeowners: numbered(owned),
          };
          const result = evaluateOwnership({
            rules: compileRules(bySource.ownership_rule),
            codeowners: compileRules(bySource.codeowners),
            event: event(frames.map(({ filename, inApp }) => ({ filename, in_app: inApp }))),
            resolve,
          });
          const isLive = (rule: Rule) => rule.owners.some((owner) => resolve(owner) !== null);
          for (const [source, list] of Object.entries(bySource)) {
            const expected = matchesOf(list, frames, isLive)
              .sort((a, b) => a.frameIndex - b.frameIndex || b.position - a.position)
              .map(({ position, ...match }) => ({ ...match, rule: ruleText(list[position]!) }));
            const actual = result.rules
              .filter((rule) => rule.source === source)
              .map(({ frameIndex, excluded, rule }) => ({ frameIndex, excluded, rule }));
            expect(actual).toEqual(expected);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('stands for any event, however malformed', () => {
    const rules = '*a* #a\nmodule:* #b\nurl:* #c\ntags.user.a:* #d';
    fc.assert(
      fc.property(fc.anything(), (subject) => {
        const { owners, winner } = evaluate(rules, 'codeowners:* #e', subject);
        expect(winner === null).toBe(owners.length === 0);
      }),
    );
  });
});

describe('the work of an evaluation', () => {
  const rulesOf = (count: number, make: (at: number) => string) =>
    compileRules(
      Array.from({ length: count }, (_, at) => ({
        matcher: { type: 'path', pattern: make(at) },
        owners: [{ type: 'team', identifier: 'x' }],
      })),
    );
  const none = compileRules([]);
  const work = (rules: typeof none, subject: unknown, stepLimit?: number) =>
    evaluateOwnership({
      rules,
      codeowners: none,
      event: subject,
      resolve,
      ...(stepLimit && { stepLimit }),
    });

  it('does not grow with rules that have nothing in common with the event', () => {
    const subject = event(Array.from({ length: 50 }, (_, at) => `src/cart/view_${at}.py`));
    const few = work(
      rulesOf(100, (at) => `lib/${at}/zz_${at}*`),
      subject,
    ).steps;
    const many = work(
      rulesOf(5000, (at) => `lib/${at}/zz_${at}*`),
      subject,
    ).steps;
    expect(many).toBeLessThanOrEqual(few * 1.5);
  });

  it('asks a rule about a text once, however often the text has what the rule requires', () => {
    const text = `z${'a'.repeat(500)}`;
    const { steps } = work(
      rulesOf(100, () => '*aaa*z*'),
      event([text]),
    );
    expect(steps).toBeLessThanOrEqual(100 * 3 * (text.length + 7));
  });

  it('is cut short at a limit, and says so', () => {
    const rules = rulesOf(100, (at) => (at === 99 ? '*' : `*${'?a'.repeat(200)}?z*`));
    const subject = event(Array.from({ length: 20 }, (_, at) => `z${at}${'a'.repeat(900)}`));
    expect(work(rules, subject)).toMatchObject({
      isCutShort: false,
      winner: { actor: { id: 'x' } },
    });
    const cut = work(rules, subject, 100_000);
    expect(cut).toMatchObject({ isCutShort: true, winner: null });
    expect(cut.steps).toBeLessThan(150_000);
  });

  it('is bounded by default', () => {
    expect(MAXIMUM_STEPS).toBeLessThanOrEqual(250_000_000);
  });
});
