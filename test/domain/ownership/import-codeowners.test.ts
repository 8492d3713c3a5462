import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRules } from '../../../shared/domain/ownership/grammar.ts';
import {
  type Associate,
  codeownersNames,
  importCodeowners,
} from '../../../shared/domain/ownership/import-codeowners.ts';

const associate: Associate = (name) => {
  if (name === '@acme/web') return { kind: 'owner', owner: { type: 'team', identifier: 'web' } };
  if (name === '@carol') return { kind: 'owner', owner: { type: 'user', identifier: 'c@acme.io' } };
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
  return importCodeowners({ raw, codeMapping, associate }).text;
}

describe('an imported CODEOWNERS file', () => {
  it.each([
    ['keeps comments and empty lines', '# one\n\n#two', '# one\n\n#two'],
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

  it('parses as ownership rules, which are the rules it answers', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '*',
      ' ',
      '\n',
      '@carol',
      '@no',
      '#',
      '"',
      '\\',
      '[',
      ']',
      '!',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const result = importCodeowners({
          raw: pieces.join(''),
          codeMapping: noMapping,
          associate,
        });
        expect(parseRules(result.text)).toEqual({ ok: true, rules: result.rules });
      }),
      { numRuns: 1000 },
    );
  });
});
