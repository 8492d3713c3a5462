import { describe, expect, it } from 'vitest';
import {
  decideInboundStatusGate,
  decideStatus,
  externalStatusFor,
  groupStatusFor,
} from '../../../shared/domain/sync/status.ts';

type Facts = Parameters<typeof decideInboundStatusGate>[0];

/**
 * Somebody closes the issue of an unresolved group; everything is synced and both directions are
 * on.
 */
const closed: Facts = {
  external: 'closed',
  groupStatus: 'unresolved',
  origin: 'webhook',
  reverse: true,
  forward: true,
  isOwn: false,
  isOwnWrite: false,
  lastExternal: 'open',
  hasSiblings: false,
  order: 'newer',
  incomplete: false,
  version: 3,
  syncedVersion: 3,
};

describe('a status that a webhook tells', () => {
  it.each<[string, Partial<Facts>, ReturnType<typeof decideInboundStatusGate>]>([
    ['resolves the group', {}, { kind: 'apply', groupStatus: 'resolved' }],
    [
      'reopens it',
      { external: 'open', groupStatus: 'resolved' },
      { kind: 'apply', groupStatus: 'unresolved' },
    ],
    [
      'resolves one that was archived',
      { groupStatus: 'ignored' },
      { kind: 'apply', groupStatus: 'resolved' },
    ],
    [
      'does not wake one that was archived',
      { external: 'open', groupStatus: 'ignored' },
      { kind: 'drop', reason: 'seen' },
    ],
    [
      'that is so already is dropped',
      { groupStatus: 'resolved' },
      { kind: 'drop', reason: 'seen' },
    ],
    [
      'is dropped where the direction is off',
      { reverse: false },
      { kind: 'drop', reason: 'switchedOff' },
    ],
    [
      'that is older than what was taken in is dropped',
      { order: 'older' },
      { kind: 'drop', reason: 'older' },
    ],
    ['as old as that is read again: it may be a delta', { order: 'equal' }, { kind: 'reread' }],
    [
      'without a version is believed',
      { order: 'unknown' },
      { kind: 'apply', groupStatus: 'resolved' },
    ],
    [
      'that does not say what it led to is read again',
      { external: null, incomplete: true },
      { kind: 'reread' },
    ],
    [
      'loses against a change here that is on its way there',
      { version: 4 },
      { kind: 'drop', reason: 'localNewer' },
    ],
    [
      'wins against one that will never go there',
      { version: 4, forward: false },
      { kind: 'apply', groupStatus: 'resolved' },
    ],
    [
      'of our own is dropped',
      { isOwn: true, lastExternal: 'closed' },
      { kind: 'drop', reason: 'own' },
    ],
    [
      'of our own that nobody here knows of is repaired',
      { isOwn: true },
      { kind: 'verify', onDrift: 'repair' },
    ],
    [
      'of our own that does not say what it led to is looked at',
      { isOwn: true, external: null, incomplete: true },
      { kind: 'verify', onDrift: 'repair' },
    ],
    [
      'of our own for another group that does not say what it led to is looked at',
      { isOwn: true, external: null, incomplete: true, hasSiblings: true },
      { kind: 'verify', onDrift: 'adopt' },
    ],
    [
      'of our own that does not say what it led to is dropped when it is the last write of this link',
      { isOwn: true, isOwnWrite: true, external: null, incomplete: true },
      { kind: 'drop', reason: 'own' },
    ],
    [
      'of our own for another group is adopted',
      { isOwn: true, hasSiblings: true },
      { kind: 'verify', onDrift: 'adopt' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(decideInboundStatusGate({ ...closed, ...facts })).toEqual(expected);
  });
});

describe('a status that was read', () => {
  it.each<[string, Partial<Facts>, ReturnType<typeof decideInboundStatusGate>]>([
    [
      'is the present state, whatever its version',
      { order: 'older' },
      { kind: 'apply', groupStatus: 'resolved' },
    ],
    [
      'that its tracker cannot interpret changes nothing',
      { external: null },
      { kind: 'drop', reason: 'seen' },
    ],
    ['has no author', { isOwn: true }, { kind: 'apply', groupStatus: 'resolved' }],
    [
      'loses against a change here that is on its way there',
      { version: 4 },
      { kind: 'drop', reason: 'localNewer' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(decideInboundStatusGate({ ...closed, origin: 'read', ...facts })).toEqual(expected);
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

  /** Resolved here and synced, closed there. */
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
      'that says nothing to a tracker is synced',
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
