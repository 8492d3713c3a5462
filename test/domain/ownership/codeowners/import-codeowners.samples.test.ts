import { describe, expect, it } from 'vitest';
import {
  type Associate,
  codeownersNameKind,
  importCodeowners,
} from '../../../../shared/domain/ownership/codeowners/import-codeowners.ts';
import { compileRules } from '../../../../shared/domain/ownership/compile.ts';
import { evaluateOwnership, event } from '../builders.ts';

/**
 * Everybody is known; what has a slash is a team, and so is a group of two letters or more in
 * capitals.
 */
const associate: Associate = (name) => {
  const isTeam = codeownersNameKind(name) === 'team' || /^@[A-Z]{2,}$/.test(name);
  return { kind: 'owner', owner: { type: isTeam ? 'team' : 'user', identifier: name } };
};

function ownerOf(raw: string, file: string): string | null {
  const codeMapping = { sourceRoot: '', stackRoot: '' };
  const { rules } = importCodeowners({ raw, codeMapping, associate });
  const { winner } = evaluateOwnership({
    rules: compileRules([]),
    codeowners: compileRules(rules),
    event: event([file]),
    resolve: ({ type, identifier }) => ({ type, id: identifier }),
  });
  return winner?.actor.id ?? null;
}

const GITHUB = `# Everything that nobody else owns.
*       @acme/everyone @pat

*.css   @sam # styles only, and whoever is on call
/build/logs/ @kim
guides/*  guides@acme.io
apps/   @lee
/scripts/ @lee @acme/tools
**/snapshots @sam

# Nobody's, on purpose.
/apps/vendor
!/apps/own @kim
/pkg/[ab]/ @kim
/with\\ space/ @kim
`;

describe('a file as GitHub reads it', () => {
  it.each([
    ['src/a.py', '@acme/everyone'],
    ['src/a.css', '@sam'],
    ['build/logs/today.py', '@kim'],
    ['deep/build/logs/today.py', '@acme/everyone'],
    ['guides/start.md', 'guides@acme.io'],
    ['guides/more/start.md', '@acme/everyone'],
    ['x/apps/a.py', '@lee'],
    ['scripts/run.py', '@lee'],
    ['x/snapshots/a.py', '@sam'],
    ['apps/vendor/a.py', null],
    ['apps/own/a.py', '@lee'],
    ['pkg/a/a.py', '@acme/everyone'],
  ])('gives %s to %s', (file, owner) => {
    expect(ownerOf(GITHUB, file)).toBe(owner);
  });

  it('says of three lines that they are left out', () => {
    const codeMapping = { sourceRoot: '', stackRoot: '' };
    const { diagnostics } = importCodeowners({ raw: GITHUB, codeMapping, associate });
    expect(diagnostics.map(({ line, kind }) => [line, kind])).toEqual([
      [13, 'negation'],
      [14, 'unsupported_pattern'],
      [15, 'unsupported_pattern'],
    ]);
  });
});

const GITLAB = `* @OPS

[Handbook] @writers @DOCS
/handbook/
*.md @chief
/handbook/legal/ @law/office

^[Data][2] @law/data
/db/
/db/seeds/ @kim

[Unowned]
/sandbox/

[ Two words ] # the owners are still being looked for
/drafts/
`;

describe('a file as GitLab reads it, where the last match over the whole file counts', () => {
  it.each([
    ['src/a.py', '@OPS'],
    ['handbook/a.py', '@writers'],
    ['handbook/a.md', '@chief'],
    ['handbook/legal/a.md', '@law/office'],
    ['db/a.sql', '@law/data'],
    ['db/seeds/a.sql', '@kim'],
    ['sandbox/a.py', null],
    ['drafts/a.py', null],
  ])('gives %s to %s', (file, owner) => {
    expect(ownerOf(GITLAB, file)).toBe(owner);
  });
});
