import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCodePoints, firstCodePoints, isLongerThan } from '../../shared/domain/code-points.ts';

const texts = fc.string({ unit: 'binary', maxLength: 40 });

describe('characters are code points', () => {
  it('26 emoji are 26', () => {
    const emoji = '🦀'.repeat(26);
    expect(countCodePoints(emoji)).toBe(26);
    expect(isLongerThan(emoji, 26)).toBe(false);
    expect(isLongerThan(emoji, 25)).toBe(true);
    expect(firstCodePoints(emoji, 25)).toBe('🦀'.repeat(25));
    expect(firstCodePoints(emoji, 26)).toBe(emoji);
  });

  it('whatever the text, it is counted and cut as its iterator says', () => {
    fc.assert(
      fc.property(texts, fc.nat(45), (text, characters) => {
        const points = [...text];
        expect(countCodePoints(text)).toBe(points.length);
        expect(isLongerThan(text, characters)).toBe(points.length > characters);
        expect(firstCodePoints(text, characters)).toBe(points.slice(0, characters).join(''));
      }),
    );
  });

  it('a half of a pair is one, and stays what it was', () => {
    expect(countCodePoints('\ud83e\ud83e\udd80')).toBe(2);
    expect(firstCodePoints('\ud83e\ud83e\udd80', 1)).toBe('\ud83e');
  });
});
