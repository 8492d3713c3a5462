import { describe, expect, it } from 'vitest';
import {
  type Associate,
  codeownersNames,
  importCodeowners,
} from '../../../../shared/domain/ownership/codeowners/import-codeowners.ts';
import { ruleText } from '../../../../shared/domain/ownership/rule.ts';

const associate: Associate = (name) => {
  if (name === '@acme/web') {
    return { kind: 'owner', owner: { type: 'team', identifier: 'web' } };
  }
  if (name === '@web') {
    return { kind: 'owner', owner: { type: 'team', identifier: 'web' } };
  }
  if (name === '@carol') {
    return { kind: 'owner', owner: { type: 'user', identifier: 'c@acme.io' } };
  }
  if (name === '@acme/ops') {
    return { kind: 'withoutAccess', owner: { type: 'team', identifier: 'ops' } };
  }
  if (name === 'dave@acme.io') {
    return { kind: 'withoutAccess', owner: { type: 'user', identifier: name } };
  }
  return name === 'c@acme.io'
    ? { kind: 'owner', owner: { type: 'user', identifier: name } }
    : { kind: 'missing' };
};
const noMapping = { sourceRoot: '', stackRoot: '' };

function imported(raw: string, codeMapping = noMapping): string {
  return importCodeowners({ raw, codeMapping, associate }).rules.map(ruleText).join('\n');
}

describe('an imported CODEOWNERS file', () => {
  it.each([
    ['has comments and empty lines', '# one\n\n#two\n  # three', ''],
    ['drops lines of white space', '   \n\t\n*.js @carol', 'codeowners:*.js c@acme.io'],
    [
      'knows every kind of line end',
      '*.a @carol\r\n*.b @carol\r*.c @carol',
      'codeowners:*.a c@acme.io\ncodeowners:*.b c@acme.io\ncodeowners:*.c c@acme.io',
    ],
    [
      'maps teams, logins and addresses',
      'src/ @acme/web @carol c@acme.io',
      'codeowners:src/ #web c@acme.io c@acme.io',
    ],
    ['takes any white space between words', '  *.js\t @carol  ', 'codeowners:*.js c@acme.io'],
    ['leaves out unknown names', '*.js @nobody @carol', 'codeowners:*.js c@acme.io'],
    ['leaves out names without access', '*.js @acme/ops @carol', 'codeowners:*.js c@acme.io'],
    ['drops a line whose names are all unknown', '*.js @nobody', ''],
    ['keeps a line without names, as an exclusion', '/vendor/', 'codeowners:/vendor/'],
    ['ends a line at a lone #', '*.js @carol # @acme/web', 'codeowners:*.js c@acme.io'],
    ['ends a line at a word with #', '*.js @carol #web is on call', 'codeowners:*.js c@acme.io'],
    ['ends the words of an unknown owner too', '/x/ @nobody #web is on call', ''],
    ['has no owner that begins with #', '/x/ #web', 'codeowners:/x/'],
    ['knows a group by its bare name', '*.js @web', 'codeowners:*.js #web'],
    [
      'gives a heading’s owners to lines without',
      '[Docs] @carol\n/a\n/b @acme/web',
      'codeowners:/a c@acme.io\ncodeowners:/b #web',
    ],
    ['ends a heading with the next', '[Docs] @carol\n[Else]\n/a', 'codeowners:/a'],
    [
      'knows headings of every form',
      '^[Docs][2] @carol @nobody # why\n/a',
      'codeowners:/a c@acme.io',
    ],
    ['knows a heading of several words', '[Docs and #2] @carol\n/a', 'codeowners:/a c@acme.io'],
    [
      'drops lines under a heading whose owners are unknown',
      '[Docs] @nobody\n/a\n/b @carol',
      'codeowners:/b c@acme.io',
    ],
    ['takes a bracket with more behind it for a range', '[ab]c @carol', ''],
    ['takes a bracket that does not close for no heading', '[Docs\n^[Docs @carol', ''],
    [
      'takes a line whose names are all comment for an exclusion',
      '/vendor/ # none',
      'codeowners:/vendor/',
    ],
    ['drops negations', '!*.js @carol', ''],
    ['drops ranges', '*.[jt]s @carol', ''],
    ['keeps a bracket that is no range', 'a[b @carol', 'codeowners:a[b c@acme.io'],
    ['drops a # within a path', 'a#b @carol', ''],
    ['drops a path with a space in it', 'my\\ file @carol', ''],
    ['quotes what a rule could not say otherwise', '"a @carol', 'codeowners:"\\"a" c@acme.io'],
  ])('%s', (_, raw, text) => {
    expect(imported(raw)).toBe(text);
  });

  it.each([
    ['replaces the source root once', '/src/app/src/a', 'src/', 'lib/', '/lib/app/src/a'],
    ['puts the stack root first when there is no source root', 'src/a', '', 'app/', 'app/src/a'],
    ['leaves a bare name alone', '*.js', '', 'app/', '*.js'],
    ['leaves a bare directory alone', 'docs/', 'docs', 'lib', 'docs/'],
    ['squeezes slashes', '/src//a', 'src', '/lib/', '/lib/a'],
    ['but those of a protocol', '/src/a', '/src', 'https://x.io//b', 'https://x.io/b/a'],
    ['makes an empty path the root', '/src', '/src', '', '/'],
    ['takes a stack root letter by letter', '/src/a', '/src', '$&', '$&/a'],
    ['keeps the slashes of a scheme', '/src/a.js', 'src/', 'app:///', 'app:///a.js'],
    ['keeps them without a source root', '/docs/', '', 'app:///', 'app:///docs/'],
    ['keeps them for the root itself', '/src/', '/src', 'app:///', 'app:///'],
    ['keeps those of two slashes', '/src/a', 'src', 'webpack://app/', 'webpack://app/a'],
    ['replaces no part of a word', '/srcs/a', 'src', 'lib', '/srcs/a'],
    ['replaces nothing further down', '/app/src/a', 'src', 'lib', '/app/src/a'],
    ['takes both kinds of slash', '/src/app/a', 'src\\app', 'C:\\build\\', 'C:/build/a'],
    ['takes them in the pattern too', 'src\\app\\a', '/src/app/', 'lib', 'lib/a'],
    ['keeps what was anchored so', 'src/a', 'src/', '', '/a'],
    ['keeps a directory one', '/src/docs/', 'src', 'lib', '/lib/docs/'],
    ['takes a dot for no component', '/src/a', './src', 'lib', '/lib/a'],
  ])('%s', (_, path, sourceRoot, stackRoot, expected) => {
    expect(imported(`${path} @carol`, { sourceRoot, stackRoot })).toBe(
      `codeowners:${expected} c@acme.io`,
    );
  });

  it('tells which names gave no owner, and why, once each', () => {
    const raw = 'a @x @y/z e@f.g\nb @acme/ops dave@acme.io @x @carol\n!c @unseen';
    expect(importCodeowners({ raw, codeMapping: noMapping, associate }).errors).toEqual({
      missing_external_users: ['@x'],
      missing_external_teams: ['@y/z'],
      missing_user_emails: ['e@f.g'],
      teams_without_access: ['#ops'],
      users_without_access: ['dave@acme.io'],
    });
  });

  it('names everyone who has to be looked up, once each', () => {
    expect(codeownersNames('# @a\nx @b @c # @d\ny @c e@f.g\n!z @h')).toEqual(['@b', '@c', 'e@f.g']);
  });

  it('says where it leaves something out, and why', () => {
    const raw = [
      '# 😀',
      '!/a @carol',
      '/🙂 @carol  @ghost @acme/ops',
      '  *.[jt]s @carol',
      'my\\ file @carol',
      '[Docs] @x/y @ghost',
      '/docs/',
      'a#b',
      '/v/ who@x.io # @nobody',
    ].join('\n');
    const { diagnostics } = importCodeowners({
      raw,
      codeMapping: noMapping,
      associate,
      source: 'codeowners:7',
    });
    expect(
      diagnostics.map(({ line, column, kind, message }) => [line, column, kind, message]),
    ).toEqual([
      [2, 1, 'negation', expect.stringContaining('!/a is left out')],
      [3, 12, 'unknown_user', expect.stringContaining('@ghost')],
      [3, 19, 'no_access', expect.stringContaining('#ops')],
      [4, 3, 'unsupported_pattern', expect.stringContaining('*.[jt]s is left out')],
      [5, 1, 'unsupported_pattern', expect.stringContaining('white space')],
      [6, 8, 'unknown_team', expect.stringContaining('@x/y')],
      [6, 13, 'unknown_user', expect.stringContaining('@ghost')],
      [7, 1, 'missing_owner', expect.stringContaining('line 6')],
      [8, 1, 'unsupported_pattern', expect.stringContaining('#')],
      [9, 5, 'unknown_user', expect.stringContaining('who@x.io')],
    ]);
    expect(new Set(diagnostics.map(({ source }) => source))).toEqual(new Set(['codeowners:7']));
  });

  it('is read in time that grows with its length, whatever it is', () => {
    for (const piece of ['[', '\\ ', '@a ', '[a', '^[', ' ', '[]', '\\']) {
      expect(
        importCodeowners({ raw: piece.repeat(100_000), codeMapping: noMapping, associate }).rules
          .length,
      ).toBeLessThanOrEqual(1);
    }
  });
});
