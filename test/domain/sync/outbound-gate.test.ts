import { describe, expect, it } from 'vitest';
import {
  decideOutboundGate,
  type OutboundGate,
} from '../../../shared/domain/sync/outbound-gate.ts';

type Facts = Parameters<typeof decideOutboundGate>[0];

describe('a message about a link', () => {
  const facts: Facts = {
    nowMs: 1_000,
    forward: true,
    reverse: true,
    needsReauth: false,
    pausedUntilMs: null,
    version: 4,
    syncedVersion: 3,
    inflight: false,
    verify: false,
    firstReceive: true,
  };
  it.each<[string, Partial<Facts>, OutboundGate]>([
    ['goes to the tracker when the version is new', {}, { kind: 'proceed' }],
    [
      'is a duplicate when the version is synced',
      { syncedVersion: 4 },
      { kind: 'done', reason: 'duplicate' },
    ],
    [
      'is none when it comes again: the first try may have written',
      { syncedVersion: 4, firstReceive: false },
      { kind: 'proceed' },
    ],
    [
      'is none when a write was left half-done',
      { syncedVersion: 4, inflight: true },
      { kind: 'proceed' },
    ],
    ['is none when it asks for a look', { syncedVersion: 4, verify: true }, { kind: 'proceed' }],
    ['ends where the way out is off', { forward: false }, { kind: 'done', reason: 'switchedOff' }],
    [
      'looks all the same for what was lost on the way in',
      { forward: false, verify: true },
      { kind: 'proceed' },
    ],
    [
      'ends where both ways are off',
      { forward: false, reverse: false, verify: true },
      { kind: 'done', reason: 'switchedOff' },
    ],
    [
      'waits while the tracker wants quiet',
      { pausedUntilMs: 2_000 },
      { kind: 'wait', untilMs: 2_000 },
    ],
    ['goes on when the quiet is over', { pausedUntilMs: 1_000 }, { kind: 'proceed' }],
    [
      'parks while the credentials are refused',
      { needsReauth: true, pausedUntilMs: 2_000 },
      { kind: 'park' },
    ],
  ])('%s', (_, overrides, expected) => {
    expect(decideOutboundGate({ ...facts, ...overrides })).toEqual(expected);
  });
});
