import { describe, expect, it } from 'vitest';
import { decideFailure, type TrackerFailure } from '../../../shared/domain/sync/failure.ts';

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
