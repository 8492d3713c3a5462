import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import {
  evaluateOwnership,
  maximumSteps,
  type RuleSource,
  suspectCommitOwner,
} from '../../../shared/domain/ownership/evaluate.ts';
import { parseRules } from '../../../shared/domain/ownership/grammar.ts';
import { type Rule, ruleText } from '../../../shared/domain/ownership/rule.ts';
import type { ResolveOwner } from '../../../shared/domain/ownership/schema.ts';
import { matchesOf } from './reference.ts';

function parsed(text: string): readonly Rule[] {
  const result = parseRules(text);
  if (!result.ok) throw new Error(`Not a text of rules: ${text}`);
  return result.rules;
}

/** Teams are who they are called; whoever begins with `gone` is nobody. */
const resolve: ResolveOwner = ({ type, identifier }) =>
  identifier.startsWith('gone') ? null : { type, id: identifier };

/** Frames nearest the error first, as rules count them. */
function event(files: readonly (string | object)[], more: object = {}) {
  const frames = files.map((file) => (typeof file === 'string' ? { filename: file } : file));
  return { exception: { values: [{ stacktrace: { frames: frames.reverse() } }] }, ...more };
}

function evaluate(rules: string, codeowners: string, subject: unknown) {
  return evaluateOwnership({
    rules: compileRules(parsed(rules)),
    codeowners: compileRules(parsed(codeowners)),
    event: subject,
    resolve,
  });
}

const winners = (result: ReturnType<typeof evaluate>) => result.owners.map(({ actor }) => actor.id);

describe('the rule that wins', () => {
  it.each<[string, string, string, unknown, string[]]>([
    ['is none when none matches', '*.js #a', 'codeowners:*.js #b', event(['a.py']), []],
    [
      'is on the frame nearest the error',
      'a.py #a\nb.py #b',
      '',
      event(['b.py', 'a.py']),
      ['b', 'a'],
    ],
    ['is, on one frame, the last of the text', '*.py #a\na.* #b', '', event(['a.py']), ['b', 'a']],
    [
      'is nearest before it is last',
      'a.py #a\n*/b.py #b',
      '',
      event(['a.py', 'lib/b.py']),
      ['a', 'b'],
    ],
    [
      'is, on one frame, the project’s own before CODEOWNERS',
      '*.py #a',
      'codeowners:*.py #b',
      event(['a.py']),
      ['a', 'b'],
    ],
    [
      'is CODEOWNERS’ where that is nearer',
      'b.py #a',
      'codeowners:a.py #b',
      event(['a.py', 'b.py']),
      ['b', 'a'],
    ],
    [
      'is one with a frame before one for a URL or a tag',
      'path:a.py #a\nurl:*shop* #b\ntags.x:1 #c',
      '',
      event(['z.py', 'a.py'], { request: { url: 'https://Shop.io' }, tags: [['x', '1']] }),
      ['a', 'c'],
    ],
    [
      'may be for a URL, whatever its case',
      'url:*/CHECKOUT #a',
      '',
      { request: { url: 'https://x.io/Checkout' } },
      ['a'],
    ],
    ['is not for a tag of another case', 'tags.x:A #a', '', { tags: [['x', 'a']] }, []],
    [
      'may be for a module, whatever its case',
      'module:acme.cart* #a',
      '',
      event([{ module: 'Acme.Cart.View' }]),
      ['a'],
    ],
    ['takes backslashes for slashes', 'path:src\\*.cs #a', '', event(['SRC/a.cs']), ['a']],
    ['is one whose owner resolves', '*.py #a\n*.py #gone', '', event(['a.py']), ['a']],
    [
      'gives all its owners that resolve, once each',
      '*.py #a #gone b #a',
      '',
      event(['a.py']),
      ['a', 'b'],
    ],
    [
      'has one rule behind it that also gives its owners, and no third',
      '*.py #a #b\n*.py #c\n*.py #d',
      '',
      event(['a.py']),
      ['d', 'c'],
    ],
    [
      'is none in CODEOWNERS for a library’s frame',
      '',
      'codeowners:*.py #a',
      event([{ filename: 'a.py', in_app: false }]),
      [],
    ],
  ])('%s', (_, rules, codeowners, subject, expected) => {
    expect(winners(evaluate(rules, codeowners, subject))).toEqual(expected);
  });

  it('is told with its source and its first owner', () => {
    const result = evaluate('', 'codeowners:a.py #gone #a b@c.d', event(['a.py']));
    const rule = 'codeowners:a.py #gone #a b@c.d';
    expect(result.winner).toEqual({
      rule,
      source: 'codeowners',
      actor: { type: 'team', id: 'a' },
    });
    expect(result.owners).toEqual([
      { type: 'codeowners', actor: { type: 'team', id: 'a' }, rule },
      { type: 'codeowners', actor: { type: 'user', id: 'b@c.d' }, rule },
    ]);
  });
});

describe('an exclusion', () => {
  it.each<[string, string, string, unknown, string[]]>([
    ['leaves its frame without an owner', '', '*.py #a\n/lib/', event(['lib/a.py']), []],
    ['leaves other frames alone', '', '*.py #a\n/lib/', event(['lib/a.py', 'app/b.py']), ['a']],
    ['yields to a later rule', '', '*.py #a\n/lib/\n/lib/a.py #b', event(['lib/a.py']), ['b', 'a']],
    ['does not yield to an earlier rule', '', '/lib/a.py #b\n/lib/', event(['lib/a.py']), []],
    [
      'does not yield to a later rule whose owner is gone',
      '',
      '*.py #a\n/lib/\n/lib/a.py #gone',
      event(['lib/a.py']),
      [],
    ],
    [
      'takes nothing from the project’s own rules',
      '*.py #a',
      '*.py #b\n/lib/',
      event(['lib/a.py']),
      ['a'],
    ],
    [
      'does not make a rule farther away come first',
      '',
      '*.py #a\nb.py #b\n/lib/',
      event(['lib/a.py', 'c.py', 'b.py']),
      ['a', 'b'],
    ],
  ])('%s', (_, rules, codeowners, subject, expected) => {
    const prefixed = codeowners.replace(/^/gm, 'codeowners:');
    expect(winners(evaluate(rules, prefixed, subject))).toEqual(expected);
  });
});

describe('the explanation', () => {
  it('has every rule that matched, on which frame, what came of it, in the order of asking', () => {
    const result = evaluate(
      'path:*.py #gone\nurl:* #web\npath:*.go #go',
      'codeowners:*.py #py\ncodeowners:/lib/\ncodeowners:lib #lib',
      event(['lib/a.py', 'app/b.py'], { request: { url: 'https://x.io' } }),
    );
    expect(
      result.rules.map(({ rule, source, frameIndex, excluded, rank, owners }) => [
        rank,
        rule,
        source,
        frameIndex,
        excluded,
        owners.map(({ actor }) => actor?.id ?? null),
      ]),
    ).toEqual([
      [1, 'path:*.py #gone', 'ownership_rule', 0, false, [null]],
      [2, 'codeowners:lib #lib', 'codeowners', 0, false, ['lib']],
      [3, 'codeowners:/lib/', 'codeowners', 0, true, []],
      [4, 'codeowners:*.py #py', 'codeowners', 0, false, ['py']],
      [5, 'url:* #web', 'ownership_rule', null, false, ['web']],
    ]);
    expect(result.winner?.actor.id).toBe('lib');
  });

  it('says of a rule whose every frame was removed that it is excluded', () => {
    const result = evaluate(
      '',
      'codeowners:*.py #py\ncodeowners:/lib/',
      event(['x.go', 'lib/a.py']),
    );
    expect(result.rules).toMatchObject([
      { rule: 'codeowners:/lib/', frameIndex: 1, excluded: true },
      { rule: 'codeowners:*.py #py', frameIndex: 1, excluded: true },
    ]);
    expect(result.winner).toBeNull();
  });

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
    expect(maximumSteps).toBeLessThanOrEqual(500_000_000);
  });
});

describe('a suspect commit', () => {
  it.each<[string, unknown, string | null]>([
    ['points at its author', { authorEmail: ' Bob@Acme.IO ' }, 'bob@acme.io'],
    ['points at nobody the project knows', { authorEmail: 'gone@acme.io' }, null],
    ['has no address', { id: 'abc' }, null],
    ['has an empty address', { authorEmail: ' ' }, null],
    ['is malformed', { authorEmail: 7 }, null],
    ['is absent', undefined, null],
  ])('%s', (_, commit, id) => {
    expect(suspectCommitOwner(commit, resolve)).toEqual(id === null ? null : { type: 'user', id });
  });
});
