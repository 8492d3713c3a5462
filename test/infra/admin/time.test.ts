import { expect, it } from 'vitest';
import { parseEnd, parseTime } from '../../../infra/admin/time.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

it.each([
  ['2026-11-20T09:00:00Z', '2026-11-20T09:00:00.000Z'],
  ['2026-11-20T10:00+01:00', '2026-11-20T09:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2h', '2026-11-22T10:00:00.000Z'],
])('--since %s is %s', (text, time) => {
  expect(new Date(parseTime('--since', text, NOW_MS)).toISOString()).toBe(time);
});

// A time without its zone is refused: that of the operator's machine may have been meant.
it.each(['2026-02-30', '2026-11-20T09:00:00', 'yesterday', ''])('--since %j is none', (text) => {
  expect(() => parseTime('--since', text, NOW_MS)).toThrow('--since takes a time');
});

it('an end is a day that there is, and not in the past', () => {
  expect(parseEnd('--expires', '2027-01-31', NOW_MS)).toBe(Date.parse('2027-01-31'));
  expect(() => parseEnd('--expires', '2027-02-29', NOW_MS)).toThrow('--expires takes a time');
  expect(() => parseEnd('--expires', '2026-01-31', NOW_MS)).toThrow('in the past');
});
