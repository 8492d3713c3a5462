import { describe, expect, it } from 'vitest';
import { suspectCommitOwner } from '../../../shared/domain/ownership/evaluate.ts';
import { evaluate, event, resolve } from './builders.ts';

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
