import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, cloudBackoff, localBackoff } from '../../../shared/domain/sync/backoff.ts';
import type { ExternalVersion } from '../../../shared/domain/sync/external-issue.ts';
import {
  compareExternalVersions,
  newestOf,
  watermarkAfterRead,
} from '../../../shared/domain/sync/external-version.ts';
import { decideFailure, type TrackerFailure } from '../../../shared/domain/sync/failure.ts';
import {
  decideStatus,
  externalStatusFor,
  groupStatusFor,
} from '../../../shared/domain/sync/status.ts';

describe('waiting', () => {
  it.each([
    [0, 5_000, 6_000],
    [1, 10_000, 12_000],
    [4, 80_000, 96_000],
    [7, 640_000, 768_000],
    [8, 900_000, 900_000],
    [1_000, 900_000, 900_000],
  ])('in the cloud after attempt %i: %i to %i ms', (attempt, least, most) => {
    expect(backoffMs(cloudBackoff, attempt, 0)).toBe(least);
    expect(backoffMs(cloudBackoff, attempt, 0.999999)).toBeCloseTo(most, -1);
  });

  it('on one machine is 1, 2, 4 s, whatever chance says', () => {
    expect([0, 1, 2, 3, 9].map((attempt) => backoffMs(localBackoff, attempt, 0.9))).toEqual([
      1_000, 2_000, 4_000, 4_000, 4_000,
    ]);
  });
});

describe('a failure', () => {
  const reason = 'so';
  const tried = {
    attempts: 0,
    maxAttempts: 8,
    refreshed: false,
    rereads: 0,
    backoffMs: (n: number) => 1_000 * (n + 1),
  };
  const transient: TrackerFailure = { kind: 'transient', reason, retryAfterMs: null };
  const limit = { kind: 'rateLimited', reason, untilMs: 77, scope: 'link' } as const;

  it.each<[string, TrackerFailure, Partial<typeof tried>, object]>([
    ['of the moment is tried later', transient, {}, { kind: 'retry', delayMs: 1_000, attempts: 1 }],
    [
      'of the moment is tried ever later',
      transient,
      { attempts: 3 },
      { kind: 'retry', delayMs: 4_000, attempts: 4 },
    ],
    [
      'that says when is tried then',
      { ...transient, retryAfterMs: 9_000 },
      {},
      { kind: 'retry', delayMs: 9_000, attempts: 1 },
    ],
    [
      'that says too soon is tried when we say',
      { ...transient, retryAfterMs: 5 },
      {},
      { kind: 'retry', delayMs: 1_000, attempts: 1 },
    ],
    [
      'for the eighth time goes to the dead letters',
      transient,
      { attempts: 7 },
      { kind: 'exhausted', linkStatus: 'pending' },
    ],
    ['by a lost race is decided again at once', { kind: 'stale', reason }, {}, { kind: 'again' }],
    [
      'by one lost race after the other waits',
      { kind: 'stale', reason },
      { rereads: 5 },
      { kind: 'retry', delayMs: 1_000, attempts: 1 },
    ],
    [
      'by a limit pauses, and is no attempt',
      limit,
      { attempts: 7 },
      { kind: 'pause', untilMs: 77, scope: 'link' },
    ],
    [
      'of the credentials refreshes them',
      { kind: 'unauthorized', reason },
      {},
      { kind: 'refresh' },
    ],
    [
      'of refreshed credentials needs their owner',
      { kind: 'unauthorized', reason },
      { refreshed: true },
      { kind: 'reauthorize', linkStatus: 'pending' },
    ],
    [
      'that is a refusal is shown',
      { kind: 'rejected', reason },
      {},
      { kind: 'stop', linkStatus: 'rejected' },
    ],
    [
      'of an issue that is gone is shown',
      { kind: 'broken', reason },
      {},
      { kind: 'stop', linkStatus: 'broken' },
    ],
    [
      'of an address that may not be called is shown',
      { kind: 'blocked', reason },
      {},
      { kind: 'stop', linkStatus: 'blocked' },
    ],
  ])('%s', (_, failure, overrides, expected) => {
    expect(decideFailure(failure, { ...tried, ...overrides })).toEqual(expected);
  });
});

describe('marks', () => {
  const marks: fc.Arbitrary<ExternalVersion> = fc.record({
    atMs: fc.option(fc.nat(5)),
    rev: fc.option(fc.nat(5)),
  });

  it('advance to the same watermark in any order, and never go back', () => {
    fc.assert(
      fc.property(marks, marks, marks, (a, b, c) => {
        const forth = newestOf(newestOf(a, b), c);
        expect(newestOf(newestOf(a, c), b)).toEqual(forth);
        for (const externalVersion of [a, b, c]) {
          expect(compareExternalVersions(externalVersion, forth)).not.toBe('newer');
        }
      }),
    );
  });

  it('compare the same from both sides', () => {
    const opposite = {
      older: 'newer',
      newer: 'older',
      equal: 'equal',
      unknown: 'unknown',
    } as const;
    fc.assert(
      fc.property(marks, marks, (a, b) => {
        expect(compareExternalVersions(b, a)).toBe(opposite[compareExternalVersions(a, b)]);
      }),
    );
  });

  it('of a read do not count when they are our own: an older webhook is still on its way', () => {
    const [before, ours] = [
      { atMs: 1_000, rev: null },
      { atMs: 5_000, rev: null },
    ];
    expect(watermarkAfterRead(before, ours, [null, ours])).toEqual(before);
    expect(watermarkAfterRead(before, ours, [null])).toEqual(ours);
  });
});

describe('a status', () => {
  it.each([
    ['resolved', 'closed'],
    ['unresolved', 'open'],
    ['ignored', null],
    ['pending_deletion', null],
  ] as const)('%s here is %s there', (here, there) => {
    expect(externalStatusFor(here)).toBe(there);
  });

  it.each([
    ['closed', 'unresolved', 'resolved'],
    ['closed', 'ignored', 'resolved'],
    ['closed', 'resolved', null],
    ['open', 'resolved', 'unresolved'],
    ['open', 'unresolved', null],
    ['open', 'ignored', null],
  ] as const)('%s there makes %s here %s', (there, here, expected) => {
    expect(groupStatusFor(there, here)).toBe(expected);
  });

  /** Resolved here and settled, closed there. */
  const facts = {
    groupStatus: 'resolved',
    version: 2,
    syncedVersion: 2,
    external: 'closed',
    lastExternal: 'closed',
    forward: true,
    reverse: true,
    onDrift: 'adopt',
  } as const;

  it.each<[string, Partial<Parameters<typeof decideStatus>[0]>, object]>([
    ['rests', {}, { kind: 'inSync' }],
    [
      'that is new here is written',
      { version: 3, groupStatus: 'unresolved' },
      { kind: 'write', status: 'open' },
    ],
    [
      'that says nothing to a tracker is settled',
      { version: 3, groupStatus: 'ignored' },
      { kind: 'inSync' },
    ],
    ['that changed there unheard is adopted', { external: 'open' }, { kind: 'adopt' }],
    [
      'that was never looked at is no change',
      { external: 'open', lastExternal: null },
      { kind: 'inSync' },
    ],
    [
      'that a late write of ours changed is repaired',
      { external: 'open', onDrift: 'repair' },
      { kind: 'write', status: 'closed' },
    ],
    [
      'is theirs when nothing may come back',
      { external: 'open', reverse: false },
      { kind: 'inSync' },
    ],
    [
      'that its tracker cannot interpret is no change there',
      { external: null },
      { kind: 'inSync' },
    ],
    [
      'that its tracker cannot interpret is nothing to repair',
      { external: null, onDrift: 'repair' },
      { kind: 'inSync' },
    ],
    [
      'that is new here is written over one that its tracker cannot interpret',
      { external: null, version: 3 },
      { kind: 'write', status: 'closed' },
    ],
    [
      'that its tracker cannot interpret is watched when nothing may go out',
      { forward: false, external: null },
      { kind: 'observe' },
    ],
    ['is watched when nothing may go out', { forward: false }, { kind: 'observe' }],
    ['is adopted when nothing may go out', { forward: false, external: 'open' }, { kind: 'adopt' }],
  ])('%s', (_, overrides, expected) => {
    expect(decideStatus({ ...facts, ...overrides })).toEqual(expected);
  });
});
