import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import {
  MAXIMUM_CODEOWNERS_BYTES,
  MAXIMUM_OWNERSHIP_CHARACTERS,
  type OwnerAccess,
  readOwnershipText,
  requireCodeownersSize,
  requireOwnersWithAccess,
  requirePermittedTeams,
} from '../../../shared/domain/ownership/ownership-text.ts';

function messagesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) {
      return error.fields?.raw ?? [];
    }
    throw error;
  }
  return [];
}

const RULE = 'a #core\n';
const filled = (characters: number, filler = ' ') => RULE + filler.repeat(characters - RULE.length);

describe('an ownership text to save', () => {
  it.each([[null], [''], [' \n\t ']])('%j is none', (raw) => {
    expect(readOwnershipText(raw)).toEqual({ raw: null, rules: [] });
  });

  it('is kept as it is, and parsed', () => {
    const raw = '# ours\n  *.js   #core';
    expect(readOwnershipText(raw)).toEqual({
      raw,
      rules: [
        {
          matcher: { type: 'path', pattern: '*.js' },
          owners: [{ type: 'team', identifier: 'core' }],
        },
      ],
    });
  });

  it.each<[string, string, string[]]>([
    ['does not parse', 'a #core\nb', ['Parse error: ownership (line 2, column 1)']],
    [
      'has CODEOWNERS lines',
      'codeowners:/src/ #core',
      ['Codeowner type paths can only be added by importing CODEOWNER files'],
    ],
    [
      'is a character too long',
      filled(MAXIMUM_OWNERSHIP_CHARACTERS + 1),
      ['Raw needs to be <= 100000 characters in length'],
    ],
    ['is as long as it may be', filled(MAXIMUM_OWNERSHIP_CHARACTERS), []],
    ['is as long as it may be, in characters of two units', `${RULE}#${'😀'.repeat(99_991)}`, []],
  ])('that %s: %s', (_, raw, messages) => {
    expect(messagesOf(() => readOwnershipText(raw))).toEqual(messages);
  });
});

describe('a CODEOWNERS file to save', () => {
  it.each<[string, string, string[]]>([
    ['as large as it may be', 'a'.repeat(MAXIMUM_CODEOWNERS_BYTES), []],
    [
      'a byte too large',
      `${'a'.repeat(MAXIMUM_CODEOWNERS_BYTES - 1)}é`,
      ['Raw needs to be <= 750000 bytes in length'],
    ],
  ])('%s', (_, raw, messages) => {
    expect(messagesOf(() => requireCodeownersSize(raw))).toEqual(messages);
  });
});

describe('the owners of a text', () => {
  const accessByName: Record<string, OwnerAccess> = {
    core: 'hasAccess',
    ops: 'withoutAccess',
    'far@x.io': 'withoutAccess',
    'bob@x.io': 'hasAccess',
  };
  const refuse = (raw: string) =>
    requireOwnersWithAccess(
      readOwnershipText(raw).rules,
      'shop',
      ({ identifier }) => accessByName[identifier] ?? 'unknown',
    );

  it('are refused in a sentence each, once, in the order of the text', () => {
    const raw = 'a who@x.io #core #ops\nb #nix far@x.io bob@x.io #ops';
    expect(messagesOf(() => refuse(raw))).toEqual([
      'User who@x.io is not a member of this organization.',
      "Team #ops does not have access to project 'shop'.",
      "Team #nix does not have access to project 'shop'.",
      "User far@x.io does not have access to project 'shop'.",
    ]);
  });

  it('pass when they may all own there', () => {
    expect(messagesOf(() => refuse('a #core bob@x.io'))).toEqual([]);
  });

  const foreign = ['You do not have permission to assign ownership to one or more teams.'];
  it.each([
    ['a foreign team under closed membership', 'a #ops', {}, foreign],
    ['a foreign team beside an own one', 'a #core #ops', {}, foreign],
    ['an own team', 'a #core', {}, []],
    ['users only', 'a bob@x.io', {}, []],
    ['any team under open membership', 'a #ops', { openMembership: true }, []],
    ['any team with team:admin', 'a #ops', { isTeamAdmin: true }, []],
  ])('%s: %j', (_, raw, more, messages) => {
    const caller = {
      openMembership: false,
      isTeamAdmin: false,
      belongsTo: (slug: string) => slug === 'core',
      ...more,
    };
    expect(messagesOf(() => requirePermittedTeams(readOwnershipText(raw).rules, caller))).toEqual(
      messages,
    );
  });
});
