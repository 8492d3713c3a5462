import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseErrorMessage, parseRules } from '../../../shared/domain/ownership/grammar.ts';
import {
  type MatcherType,
  ownersInOrder,
  type Rule,
  ruleText,
} from '../../../shared/domain/ownership/rule.ts';

const team = (identifier: string) => ({ type: 'team', identifier }) as const;
const user = (identifier: string) => ({ type: 'user', identifier }) as const;
const rule = (type: MatcherType, pattern: string, ...owners: Rule['owners'][number][]): Rule => ({
  matcher: { type, pattern },
  owners,
});

function parsed(text: string): readonly Rule[] {
  const result = parseRules(text);
  if (!result.ok) {
    throw new Error(parseErrorMessage(result.error));
  }
  return result.rules;
}

describe('an ownership text', () => {
  const core = team('core');
  it.each<[string, string, Rule[]]>([
    ['is nothing', '', []],
    ['is a path where no type is named', '*.js #core', [rule('path', '*.js', core)]],
    ['names its type', 'url:*checkout* #core', [rule('url', '*checkout*', core)]],
    ['looks at modules', 'module:com.acme.* #core', [rule('module', 'com.acme.*', core)]],
    ['looks at a tag', 'tags.release:1.* #core', [rule('tags.release', '1.*', core)]],
    ['looks at a tag with spaces', 'tags.my tag:x #core', [rule('tags.my tag', 'x', core)]],
    ['has a tag without a name, which is a path', 'tags.:x #core', [rule('path', 'tags.:x', core)]],
    ['has an unknown type, which is a path', 'foo:bar #core', [rule('path', 'foo:bar', core)]],
    ['has a type without a colon, which is a path', 'url #core', [rule('path', 'url', core)]],
    ['names several owners', 'a #core Bob@Acme.IO', [rule('path', 'a', core, user('bob@acme.io'))]],
    ['keeps the case of a team', 'a #Core', [rule('path', 'a', team('Core'))]],
    ['has spaces where they do no harm', '   a   #core  ', [rule('path', 'a', core)]],
    ['has a tab between words', 'a\t#core', [rule('path', 'a', core)]],
    ['has comments', '# one\n  # two\na #core\n#three', [rule('path', 'a', core)]],
    [
      'has a word with # behind the owners, which is a team',
      'a b #c',
      [rule('path', 'a', user('b'), team('c'))],
    ],
    ['has a lone # behind the owners', 'a #core # why', [rule('path', 'a', core)]],
    [
      'has lines of every kind',
      'a #core\r\nb #core\rc #core\n\n',
      ['a', 'b', 'c'].map((name) => rule('path', name, core)),
    ],
    ['quotes a pattern with spaces', 'path:"my dir/*" #core', [rule('path', 'my dir/*', core)]],
    [
      'escapes within quotes',
      String.raw`"a\"b\\c\nd\te\rf\q" #core`,
      [rule('path', 'a"b\\c\nd\te\rf\\q', core)],
    ],
    ['quotes nothing at all', '"" #core', [rule('path', '', core)]],
    ['has a quote that is never closed', '"a #core', [rule('path', '"a', core)]],
    ['has a quote in a pattern', 'a"b" #core', [rule('path', 'a"b"', core)]],
    [
      'keeps backslashes outside of quotes',
      String.raw`C:\app\* #core`,
      [rule('path', 'C:\\app\\*', core)],
    ],
    [
      'has a CODEOWNERS line without owners',
      'codeowners:/vendor/',
      [rule('codeowners', '/vendor/')],
    ],
    [
      'has such a line with a comment',
      'codeowners:/vendor/ # none',
      [rule('codeowners', '/vendor/')],
    ],
  ])('%s', (_, text, rules) => {
    expect(parsed(text)).toEqual(rules);
  });

  it.each<[string, string, number, number]>([
    ['has no owner', 'path:app/*', 1, 1],
    ['has no owner on its second line', 'a #core\npath:app/*', 2, 1],
    ['has no owner behind spaces', 'a #core\n\n   b', 3, 4],
    ['counts CR and LF together as one line', 'a #core\r\nb', 2, 1],
    ['counts CR alone as a line', 'a #core\rb', 2, 1],
    ['has nothing behind its type', 'url: #core', 1, 1],
    ['has an owner that is only a #', 'a #', 1, 1],
    ['has nothing but a pattern in quotes', '"a b"', 1, 1],
  ])('does not parse where it %s', (_, text, line, column) => {
    expect(parseRules(text)).toEqual({ ok: false, error: { line, column } });
  });

  it('says where it does not parse in the words that clients know', () => {
    expect(parseErrorMessage({ line: 2, column: 5 })).toBe(
      'Parse error: ownership (line 2, column 5)',
    );
  });
});

describe('a rule', () => {
  it.each([
    ['path:*.js #frontend', 'path:*.js #frontend'],
    ['*.js #a b@c.d', 'path:*.js #a b@c.d'],
    ['codeowners:/vendor/', 'codeowners:/vendor/'],
    ['"a b" #a', 'path:"a b" #a'],
  ])('%s prints as %s', (text, printed) => {
    expect(parsed(text).map(ruleText)).toEqual([printed]);
  });

  const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/\s/.test(text));
  const owner = fc.oneof(
    word.map(team),
    word.filter((text) => !text.startsWith('#')).map((text) => user(text.toLowerCase())),
  );
  const type = fc.oneof(
    fc.constantFrom<MatcherType>('path', 'url', 'module', 'codeowners'),
    fc
      .string({ minLength: 1 })
      .filter((name) => !/[:\r\n]/.test(name))
      .map((name): MatcherType => `tags.${name}`),
  );
  const pattern = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('a', '*', '"', '\\', ' ', '\n', '\r', '#', ':', 'n') }),
  );
  const anyRule = fc
    .record({
      matcher: fc.record({ type, pattern }),
      owners: fc.array(owner, { maxLength: 4 }),
    })
    .filter(({ matcher, owners }) => owners.length > 0 || matcher.type === 'codeowners');

  it('parses again from its text, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 5 }), (rules) => {
        expect(parsed(rules.map(ruleText).join('\n'))).toEqual(rules);
      }),
    );
  });
});

describe('any text at all', () => {
  it('parses, or says on which of its lines it does not', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '#', '"', ':', '\n', '\r', '\\') }),
        (text) => {
          const result = parseRules(text);
          if (result.ok) {
            return;
          }
          const line = text.split(/\r\n|\r|\n/)[result.error.line - 1] ?? '';
          expect(line.slice(0, result.error.column - 1).trim()).toBe('');
          expect(line.slice(result.error.column - 1)).toMatch(/^[^#\s]/);
        },
      ),
    );
  });
});

describe('the owners of a text', () => {
  it('come once each, in its order, teams and users apart', () => {
    expect(ownersInOrder(parsed('a #x b\nc #y #x x'))).toEqual([
      team('x'),
      user('b'),
      team('y'),
      user('x'),
    ]);
  });
});
