import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  afterAttempt,
  askedAgain,
  cloudAttempts,
  type Delivery,
  disablingReason,
  dropped,
  type EndpointHealth,
  healthAfter,
  isDeliveryId,
  localAttempts,
  newDelivery,
  readRetryAfter,
} from '../../../shared/domain/webhooks/attempts.ts';

const NOW = '2026-12-01T12:00:00.000Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const answer = (code: number | null, more: Partial<Answer> = {}): Answer => ({
  ...{ code, error: null, ms: 0, response: '', retryAfterMs: null },
  ...more,
});
const delivery = (): Delivery => {
  const { body: _, ...made } = newDelivery({ id: 'i', eventId: 'e', type: 't', body: 'b' }, NOW);
  return made;
};
const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();

/** The waits between attempts that all fail, from the end of one to the next. */
function waits(schedule: readonly number[], random: number): number[] {
  const found: number[] = [];
  let one = delivery();
  while (one.nextAttemptAt !== null) {
    const at = one.nextAttemptAt;
    one = afterAttempt(one, answer(500), { at, schedule, random });
    if (one.nextAttemptAt !== null) {
      found.push(Date.parse(one.nextAttemptAt) - Date.parse(at));
    }
  }
  expect(one.status).toBe('failed');
  expect(one.attempts).toHaveLength(found.length + 1);
  return found;
}

describe('attempts that fail', () => {
  it('come after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours', () => {
    const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * HOUR);
    expect(waits(cloudAttempts, 0)).toEqual([5_000, 5 * MINUTE, 30 * MINUTE, ...hours]);
  });

  it('come after 5, 5, 10, 10 and 20 s on one machine', () => {
    expect(waits(localAttempts, 0)).toEqual([5_000, 5_000, 10_000, 10_000, 20_000]);
  });

  it('never come early, and at most a tenth later', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        for (const [index, wait] of waits(cloudAttempts, random).entries()) {
          const scheduled = cloudAttempts[index] ?? 0;
          expect(wait).toBeGreaterThanOrEqual(scheduled);
          expect(wait).toBeLessThanOrEqual(scheduled * 1.1);
        }
      }),
    );
  });

  it.each([
    ['shorter than the wait', 1_000, 5_000],
    ['longer than the wait', HOUR, HOUR],
    ['longer than a day', 9 * DAY, DAY],
  ])('wait for a Retry-After that is %s', (_, retryAfterMs, expected) => {
    const context = { at: NOW, schedule: cloudAttempts, random: 0 };
    const after = afterAttempt(delivery(), answer(429, { retryAfterMs }), context);
    expect(after.nextAttemptAt).toBe(later(NOW, expected));
  });

  it('count from the end of the attempt', () => {
    const context = { at: NOW, schedule: cloudAttempts, random: 0 };
    const after = afterAttempt(delivery(), answer(null, { ms: 15_000 }), context);
    expect(after.nextAttemptAt).toBe(later(NOW, 20_000));
  });
});

describe('an attempt', () => {
  const context = { at: NOW, schedule: cloudAttempts, random: 0 };

  it.each([
    [200, 'delivered', null],
    [299, 'delivered', null],
    [301, 'pending', later(NOW, 5_000)],
    [400, 'pending', later(NOW, 5_000)],
    [410, 'failed', null],
    [503, 'pending', later(NOW, 5_000)],
    [null, 'pending', later(NOW, 5_000)],
  ])('that was answered %s leaves the delivery %s', (code, status, nextAttemptAt) => {
    const { attempts, ...after } = afterAttempt(delivery(), answer(code), context);
    expect(after).toMatchObject({ status, nextAttemptAt, revision: 1 });
    expect(attempts).toEqual([{ at: NOW, code, ms: 0, error: null, response: '' }]);
  });

  it('of a delivery that is asked for again begins the waits anew, and forgets nothing', () => {
    const failed = afterAttempt(delivery(), answer(500), { ...context, schedule: [] });
    expect(failed.status).toBe('failed');
    const again = askedAgain(failed, NOW);
    expect(again).toMatchObject({ status: 'pending', nextAttemptAt: NOW, tries: 0 });
    expect(afterAttempt(again, answer(500), context)).toMatchObject({
      status: 'pending',
      nextAttemptAt: later(NOW, 5_000),
      attempts: [{ code: 500 }, { code: 500 }],
    });
  });

  it('is kept with at most fifty others', () => {
    let one = delivery();
    for (let time = 0; time < 60; time += 1) {
      one = afterAttempt(askedAgain(one, NOW), answer(500 + (time % 10)), context);
    }
    expect(one.attempts).toHaveLength(50);
    expect(one.attempts.at(-1)?.code).toBe(509);
  });

  it('is not made of what is dropped', () => {
    expect(dropped(delivery())).toMatchObject({ status: 'dropped', nextAttemptAt: null });
  });
});

describe('an endpoint', () => {
  const unknown: EndpointHealth = { lastSuccessAt: null, failingSince: null };

  it('is disabled by a failure when the oldest since the last success is five days old', () => {
    let health = healthAfter(unknown, answer(500), NOW);
    expect(health.failingSince).toBe(NOW);
    for (const [ms, expected] of [
      [0, null],
      [5 * DAY - 1, null],
      [5 * DAY, 'failing'],
    ] as const) {
      const at = later(NOW, ms);
      health = healthAfter(health, answer(500), at);
      expect(disablingReason(health, answer(500), at)).toBe(expected);
    }
    const at = later(NOW, 6 * DAY);
    const well = healthAfter(health, answer(204), at);
    expect(well).toEqual({ lastSuccessAt: at, failingSince: null });
    expect(disablingReason(well, answer(204), at)).toBeNull();
  });

  it('is disabled by the first 410', () => {
    expect(disablingReason(unknown, answer(410), NOW)).toBe('gone');
  });
});

it.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Tue, 01 Dec 2026 12:01:00 GMT', 60_000],
  ['Tue, 01 Dec 2026 11:00:00 GMT', 0],
])('a Retry-After of %j asks for %j ms', (header, expected) => {
  expect(readRetryAfter(header, Date.parse(NOW))).toBe(expected);
});

it.each([
  ['1764000000000-2c1e', true],
  ['1764000000000-', false],
  ['176400000000-2c1e', false],
  ['1764000000000-a#b', false],
  ['~', false],
])('%s can be the id of a delivery: %s', (id, expected) => {
  expect(isDeliveryId(id)).toBe(expected);
});
