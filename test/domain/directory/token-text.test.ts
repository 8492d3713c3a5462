import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTokenText,
  lastCharactersOf,
  newTokenText,
} from '../../../shared/domain/directory/token-text.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('the text of a token', () => {
  it('is a prefix, 40 random characters of 62, and the CRC32 of them in base 62', () => {
    const text = newTokenText((max) => randomInt(max));
    const [, random = '', checksum = ''] =
      /^baton_([0-9A-Za-z]{40})([0-9A-Za-z]{6})$/.exec(text) ?? [];
    const value = [...checksum].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
    expect(value).toBe(crc32(random));
  });

  it('is asked for with the size of its ALPHABET, and uses all of it', () => {
    const sizes = new Set<number>();
    let next = 0;
    const used = new Set(
      [1, 2].flatMap(() => {
        const text = newTokenText((max) => {
          sizes.add(max);
          return next++ % max;
        });
        return [...text.slice(6, 46)];
      }),
    );
    expect([...sizes]).toEqual([62]);
    expect([...used].sort().join('')).toBe(ALPHABET);
  });

  it('has the checksum that was reckoned by hand', () => {
    // The CRC32 of forty zeros is 0x963FBB8E, in base 62 the digits 2, 46, 36, 52, 38 and 10.
    expect(newTokenText(() => 0)).toBe(`baton_${'0'.repeat(40)}2kaqcA`);
  });

  it('is no token any more when a character is another one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(61), { minLength: 40, maxLength: 40 }),
        fc.nat(45),
        fc.nat(60),
        (digits, position, shift) => {
          const rest = [...digits];
          const text = newTokenText(() => rest.shift() ?? 0);
          const at = 6 + position;
          const before = ALPHABET.indexOf(text.charAt(at));
          const other = ALPHABET.charAt((before + 1 + shift) % 62);
          expect(isTokenText(text)).toBe(true);
          expect(isTokenText(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBe(false);
        },
      ),
    );
  });

  it.each([
    ['nothing', ''],
    ['a published one', 'baton_local_alice'],
    ['a token of somebody else', `ghp_${'0'.repeat(46)}`],
    ['one with something behind it', `${newTokenText(() => 0)}0`],
    ['one with something before it', `x${newTokenText(() => 0)}`],
    ['one over two lines', `${newTokenText(() => 0)}\n`],
  ])('is not %s', (_, text) => {
    expect(isTokenText(text)).toBe(false);
  });

  it('is recognized by its last four characters', () => {
    expect(lastCharactersOf('baton_abcdef')).toBe('cdef');
  });
});
