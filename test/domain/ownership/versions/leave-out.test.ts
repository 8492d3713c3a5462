import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRules } from '../../../../shared/domain/ownership/grammar.ts';
import type { RuleOwner } from '../../../../shared/domain/ownership/rule.ts';
import { leaveOut } from '../../../../shared/domain/ownership/versions/leave-out.ts';

const isGone = ({ identifier }: RuleOwner) => identifier.startsWith('gone');

describe('owners who are gone', () => {
  it.each<[string, string, string, readonly number[]]>([
    ['nobody', 'path:a #core\r\n# x\n', 'path:a #core\r\n# x\n', []],
    ['the only one of a line', 'a #core\nb #gone\nc #web', 'a #core\nc #web', [2]],
    ['all of a line', 'b #gone gone@x.io # why', '', [1]],
    ['one of several', '"ü 😀" #core #gone bob@x.io', '"ü 😀" #core  bob@x.io', [1]],
    ['the last of several', 'a #core #gone', 'a #core', [1]],
    ['what is in a comment', 'a #core # #gone', 'a #core # #gone', []],
  ])('are left out: %s', (_, raw, after, lines) => {
    const { raw: left, leftOut } = leaveOut(raw, isGone);
    expect(left).toBe(after);
    expect(leftOut.map(({ line }) => line)).toEqual(lines);
  });

  it('are in no rule afterwards, and every other owner is where they were', () => {
    const word = fc.constantFrom(
      'path:a',
      '"b c"',
      ' ',
      '\n',
      '#core',
      '#gone',
      'gone@x.io',
      '😀',
      '#',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const raw = words.join(' ');
        const expected = readRules(raw).rules.flatMap(({ rule }) => {
          const owners = rule.owners.filter((owner) => !isGone(owner));
          return owners.length === 0 ? [] : [{ ...rule, owners }];
        });
        const after = readRules(leaveOut(raw, isGone).raw).rules.map(({ rule }) => rule);
        expect(after).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
