import { describe, expect, it } from 'vitest';
import {
  endOfOverlap,
  expiryAt,
  expiryOfSuccessor,
  isExpired,
} from '../../../shared/domain/directory/token-expiry.ts';

const nowMs = Date.parse('2026-11-29T12:00:00.500Z');
const at = (seconds: number) =>
  new Date(Date.parse('2026-11-29T12:00:00Z') + seconds * 1_000).toISOString();

describe('a token', () => {
  it.each([
    ['without an expiry lives', null, false],
    ['of a second ago is dead', at(-1), true],
    ['of this second is dead', at(0), true],
    ['of the next second lives', at(1), false],
  ])('%s', (_, dateExpires, dead) => {
    expect(isExpired({ dateExpires }, nowMs)).toBe(dead);
  });

  it('is dead at the very millisecond', () => {
    expect(isExpired({ dateExpires: at(1) }, Date.parse(at(1)) - 1)).toBe(false);
    expect(isExpired({ dateExpires: at(1) }, Date.parse(at(1)))).toBe(true);
  });

  it('expires at a whole second, never later than it was asked to', () => {
    expect(expiryAt(nowMs)).toBe('2026-11-29T12:00:00.000Z');
  });

  it.each([
    ['as long as its predecessor was to', at(-3_600), at(3_600), at(7_200)],
    ['for good, as its predecessor', at(-3_600), null, null],
  ])('that takes the place of another lives %s', (_, dateCreated, dateExpires, expected) => {
    expect(expiryOfSuccessor({ dateCreated, dateExpires }, nowMs)).toBe(expected);
  });

  it.each([
    ['at that moment without an overlap', null, 0, null],
    ['at that moment for less than a second', null, 999, null],
    ['after the overlap', null, 60_000, at(60)],
    ['when it was to end before the overlap is over', at(30), 60_000, at(30)],
    ['after an overlap that is over before it was to end', at(90), 60_000, at(60)],
  ])('that was replaced ends %s', (_, dateExpires, overlapMs, expected) => {
    expect(endOfOverlap({ dateExpires }, nowMs, overlapMs)).toBe(expected);
  });
});
