import { describe, expect, it } from 'vitest';
import { DomainError } from '../../shared/domain/errors.ts';
import {
  decideRepetition,
  isKept,
  LEASE_MS,
  parseIdempotencyKey,
  type RepeatRecord,
} from '../../shared/domain/idempotency.ts';

const NOW_MS = 1_795_000_000_000;
const known = { fingerprint: 'f', requestId: 'r' };
const inLease = NOW_MS + LEASE_MS;
const claimed = { ...known, state: 'claimed', progress: null } as const;
const noted = { ...claimed, progress: 'asked' };
const answer = { status: 201, headers: { ETag: '"a"' }, body: '{}' };

/** `replay`, `run`, or the code of the refusal. */
function becomes(record: RepeatRecord | undefined, fingerprint = 'f'): string {
  const repetition = decideRepetition(record, { fingerprint, nowMs: NOW_MS });
  return repetition.kind === 'refuse' ? repetition.error.code : repetition.kind;
}

describe('a request that names a key', () => {
  it.each<[string, RepeatRecord | undefined, string]>([
    ['was never used', undefined, 'run'],
    ['is claimed', { ...claimed, leaseUntilMs: inLease }, 'request.in_flight'],
    [
      'is claimed to the last millisecond',
      { ...claimed, leaseUntilMs: NOW_MS + 1 },
      'request.in_flight',
    ],
    ['was claimed by one that died', { ...claimed, leaseUntilMs: NOW_MS }, 'run'],
    [
      'is claimed and has noted something',
      { ...noted, leaseUntilMs: inLease },
      'request.in_flight',
    ],
    ['has noted something and died', { ...noted, leaseUntilMs: NOW_MS }, 'run'],
    ['is committed', { ...known, state: 'committed', leaseUntilMs: inLease }, 'request.in_flight'],
    [
      'was committed by one that died',
      { ...known, state: 'committed', leaseUntilMs: NOW_MS },
      'request.answer_lost',
    ],
    ['is answered', { ...known, state: 'answered', leaseUntilMs: 0, answer }, 'replay'],
  ])('that %s', (_, record, expected) => {
    expect(becomes(record)).toBe(expected);
  });

  it.each<[string, RepeatRecord, string]>([
    ['claimed', { ...claimed, leaseUntilMs: inLease }, 'request.key_reused'],
    ['claimed by one that died', { ...claimed, leaseUntilMs: 0 }, 'run'],
    ['died after a note', { ...noted, leaseUntilMs: 0 }, 'request.key_reused'],
    ['committed', { ...known, state: 'committed', leaseUntilMs: 0 }, 'request.key_reused'],
    ['answered', { ...known, state: 'answered', leaseUntilMs: 0, answer }, 'request.key_reused'],
  ])('of another request, %s', (_, record, expected) => {
    expect(becomes(record, 'another')).toBe(expected);
  });
});

it.each([
  [undefined, null],
  [{ ...claimed, leaseUntilMs: NOW_MS }, null],
  [{ ...noted, leaseUntilMs: NOW_MS }, 'asked'],
])('a request goes on from what %j has noted', (record, progress) => {
  const repetition = decideRepetition(record, { fingerprint: 'f', nowMs: NOW_MS });
  expect(repetition).toEqual({ kind: 'run', progress });
});

describe('an answer', () => {
  it.each([
    [200, true],
    [201, true],
    [204, true],
    [400, true],
    [403, true],
    [404, true],
    [409, false],
    [412, false],
    [422, true],
    [429, false],
    [500, false],
    [503, false],
  ])('of %d is kept: %s', (status, expected) => {
    expect(isKept(status)).toBe(expected);
  });
});

describe('a key', () => {
  it.each([['a'], ['x'.repeat(255)], ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'], ['a b~!']])(
    '%s',
    (header) => {
      expect(parseIdempotencyKey(header)).toBe(header);
    },
  );

  it('is not named', () => {
    expect(parseIdempotencyKey(undefined)).toBeNull();
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['a tab', 'a\tb'],
    ['no ASCII', 'é'],
  ])('is refused that is %s', (_, header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(DomainError);
  });
});
