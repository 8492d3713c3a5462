import { describe, expect, it } from 'vitest';
import { decideInboundStatusGate } from '../../../shared/domain/sync/status.ts';

type Facts = Parameters<typeof decideInboundStatusGate>[0];

/**
 * Somebody closes the issue of an unresolved group; everything is settled and both directions are
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
      'that is older than what was considered is dropped',
      { order: 'older' },
      { kind: 'drop', reason: 'older' },
    ],
    ['as old as that is read again: it may be a delta', { order: 'equal' }, { kind: 'reread' }],
    [
      'without a mark is believed',
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
      'is the present state, whatever its mark',
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
