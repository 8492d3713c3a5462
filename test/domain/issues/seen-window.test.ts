import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSeenIn,
  type WindowParameters,
  windowOf,
} from '../../../shared/domain/issues/seen-window.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const none = { statsPeriod: null, start: null, end: null };

describe('a window', () => {
  it.each<[string, string]>([
    ['24h', '2026-11-21T12:00:00.000Z'],
    ['14d', '2026-11-08T12:00:00.000Z'],
    ['4w', '2026-10-25T12:00:00.000Z'],
    ['30m', '2026-11-22T11:30:00.000Z'],
    ['45s', '2026-11-22T11:59:15.000Z'],
    ['999999w', '1970-01-01T00:00:00.000Z'],
  ])('of %s begins then', (statsPeriod, start) => {
    expect(windowOf({ ...none, statsPeriod }, NOW)).toEqual({ start, end: null });
  });

  it.each<[string, string, string, string]>([
    ['2026-11-01', '2026-11-02', '2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    [
      '2026-11-01T10:00:00',
      '2026-11-01T10:00:00',
      '2026-11-01T10:00:00.000Z',
      '2026-11-01T10:00:00.000Z',
    ],
    [
      '2026-11-01T10:00',
      '2026-11-01T10:00:00.5Z',
      '2026-11-01T10:00:00.000Z',
      '2026-11-01T10:00:00.500Z',
    ],
    [
      '2026-11-01T10:00:00+02:00',
      '2026-11-30T23:59:59.123456Z',
      '2026-11-01T08:00:00.000Z',
      '2026-11-30T23:59:59.123Z',
    ],
  ])('from %s to %s is in UTC', (start, end, from, to) => {
    expect(windowOf({ ...none, start, end }, NOW)).toEqual({ start: from, end: to });
  });

  it.each<[Partial<WindowParameters>, string]>([
    [{ statsPeriod: 'bogus' }, "Invalid statsPeriod: 'bogus'"],
    [{ statsPeriod: '14' }, "Invalid statsPeriod: '14'"],
    [{ statsPeriod: '0d' }, "Invalid statsPeriod: '0d'"],
    [{ statsPeriod: '-1d' }, "Invalid statsPeriod: '-1d'"],
    [{ statsPeriod: '1.5h' }, "Invalid statsPeriod: '1.5h'"],
    [{ statsPeriod: '1H' }, "Invalid statsPeriod: '1H'"],
    [{ statsPeriod: '1234567d' }, "Invalid statsPeriod: '1234567d'"],
    [{ statsPeriod: '' }, "Invalid statsPeriod: ''"],
    [{ statsPeriod: '1h', start: '2026-11-01' }, 'either statsPeriod, or start and end'],
    [{ statsPeriod: '1h', end: '2026-11-01' }, 'either statsPeriod, or start and end'],
    [{ start: '2026-11-01' }, 'start needs end'],
    [{ end: '2026-11-01' }, 'end needs start'],
    [{ start: '', end: '2026-11-01' }, "Invalid start: ''"],
    [{ start: '2026-11-01', end: 'tomorrow' }, "Invalid end: 'tomorrow'"],
    [{ start: '2026-02-30', end: '2026-11-01' }, "Invalid start: '2026-02-30'"],
    [{ start: '2026-13-01', end: '2026-11-01' }, "Invalid start: '2026-13-01'"],
    [{ start: '2026-11-01T25:00:00', end: '2026-12-01' }, 'Invalid start'],
    [{ start: '1763800000', end: '2026-12-01' }, 'Invalid start'],
    [{ start: '2026-11-02', end: '2026-11-01' }, 'start must be before end.'],
  ])('is none of %j', (sent, expected) => {
    expect(() => windowOf({ ...none, ...sent }, NOW)).toThrow(expected);
  });

  it('is not asked for where nothing was sent', () => {
    expect(windowOf(none, NOW)).toBeNull();
  });

  it('is read or refused with the name of a parameter, whatever was sent', () => {
    const value = fc.option(fc.oneof(fc.string(), fc.constantFrom('24h', '2026-11-01')));
    fc.assert(
      fc.property(fc.record({ statsPeriod: value, start: value, end: value }), (sent) => {
        try {
          const window = windowOf(sent, NOW);
          const isEmpty = Object.values(sent).every((one) => one === null);
          expect(window === null).toBe(isEmpty);
        } catch (error) {
          expect((error as Error).message).toMatch(/statsPeriod|start|end/);
        }
      }),
    );
  });
});

describe('an issue that was seen from the 10th to the 20th', () => {
  const seen = { firstSeen: '2026-11-10T00:00:00.000Z', lastSeen: '2026-11-20T00:00:00Z' };
  it.each<[string, string | null, boolean]>([
    ['2026-11-01T00:00:00.000Z', '2026-11-09T00:00:00.000Z', false],
    ['2026-11-01T00:00:00.000Z', '2026-11-10T00:00:00.000Z', true],
    ['2026-11-12T00:00:00.000Z', '2026-11-13T00:00:00.000Z', true],
    ['2026-11-20T00:00:00.000Z', null, true],
    ['2026-11-20T00:00:00.001Z', null, false],
  ])('between %s and %s: %s', (start, end, expected) => {
    expect(isSeenIn({ start, end }, seen)).toBe(expected);
  });
});
