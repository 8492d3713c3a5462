import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../../shared/domain/sync/external-issue.ts';
import { decideInboundGate, type InboundGate } from '../../../shared/domain/sync/inbound-gate.ts';
import { human, own, person } from './sync-world.ts';

const [bob, carol] = [person('bob'), person('carol')];
const at = (atMs: number | null, rev: number | null = null) => ({ atMs, rev });

type Facts = Parameters<typeof decideInboundGate>[0];

/** Somebody assigned Carol at second 10; here Bob was assigned and synced at second 5. */
const facts: Facts = {
  snapshot: { assignees: [carol], externalVersion: at(10_000), actor: human, incomplete: false },
  origin: 'webhook',
  reverse: true,
  ownActor: own,
  link: {
    watermark: at(4_000),
    ours: [bob],
    lastExternal: { assignees: [bob], status: 'open', externalVersion: at(5_000) },
    inflight: null,
    lastWrittenVersion: at(5_000),
  },
  local: { version: 2, syncedVersion: 2, decidedAtMs: 5_000, cameFromHere: false },
  siblings: [],
  traits: traitsOf('github'),
  nowMs: 10_500,
};

function gate(
  snapshot: Partial<Facts['snapshot']> = {},
  rest: Partial<Omit<Facts, 'snapshot' | 'link' | 'local'>> = {},
  link: Partial<Facts['link']> = {},
  local: Partial<Facts['local']> = {},
): InboundGate {
  return decideInboundGate({
    ...facts,
    ...rest,
    snapshot: { ...facts.snapshot, ...snapshot },
    link: { ...facts.link, ...link },
    local: { ...facts.local, ...local },
  });
}

const resolve = { kind: 'resolve' };
const localNewer = { kind: 'verify', reason: 'localNewer', onDrift: 'adopt' };

describe('a change in the tracker', () => {
  it('is taken up', () => {
    expect(gate()).toEqual(resolve);
  });

  it('is dropped where the way in is off', () => {
    expect(gate({}, { reverse: false })).toEqual({ kind: 'drop', reason: 'switchedOff' });
  });

  it.each([
    ['older: dropped', at(9_000), at(10_000), { kind: 'drop', reason: 'older' }],
    ['as old: only a read tells', at(10_000), at(10_000), { kind: 'reread' }],
    ['newer: taken up', at(10_001), at(10_000), resolve],
    ['first of all: taken up', at(10_000), null, resolve],
    [
      'an older revision, though its clock is ahead: dropped',
      at(10_000, 6),
      at(9_000, 7),
      { kind: 'drop', reason: 'older' },
    ],
    [
      'a newer revision, though its clock is behind: taken up',
      at(9_000, 8),
      at(10_000, 7),
      resolve,
    ],
    ['without a version: taken up', at(null), at(10_000), resolve],
  ])('stands to the watermark: %s', (_, externalVersion, watermark, expected) => {
    expect(gate({ externalVersion }, {}, { watermark })).toEqual(expected);
  });

  it('that its webhook does not spell out is read', () => {
    expect(gate({ assignees: null, incomplete: true })).toEqual({ kind: 'reread' });
  });

  it.each([
    ['a synced change here, later: ours wins', {}, { decidedAtMs: 10_001 }, localNewer],
    ['a synced change here, at the same time: theirs', {}, { decidedAtMs: 10_000 }, resolve],
    [
      'a change here that they were not told yet, at the same time: ours',
      {},
      { version: 3, decidedAtMs: 10_000 },
      localNewer,
    ],
    [
      'a change here that they were not told yet, before: theirs',
      {},
      { version: 3, decidedAtMs: 9_999 },
      resolve,
    ],
    [
      'a change of unknown time against one that they were not told: ours',
      { externalVersion: at(null) },
      { version: 3 },
      localNewer,
    ],
    [
      'a change of unknown time against a synced one: theirs',
      { externalVersion: at(null) },
      {},
      resolve,
    ],
    [
      'what came from this very issue, at the same time: theirs',
      {},
      { version: 3, decidedAtMs: 10_000, cameFromHere: true },
      resolve,
    ],
    [
      'what came from this very issue, later: ours',
      {},
      { version: 3, decidedAtMs: 10_001, cameFromHere: true },
      localNewer,
    ],
  ])('meets %s', (_, snapshot, local, expected) => {
    expect(gate(snapshot, {}, {}, local)).toEqual(expected);
  });
});

describe('a draw of two issues, whose outcome was synced here', () => {
  it.each<[string, number | null, number, object]>([
    ['is not turned by a webhook from before we wrote here', 11_000, 10_000, localNewer],
    ['is open to a webhook from the second of our write', 10_000, 10_000, resolve],
    ['is open to a webhook from after our write', 9_000, 10_000, resolve],
    ['is open where we never wrote here', null, 10_000, resolve],
    ['is none where theirs came later, whatever we wrote since', 11_000, 9_999, resolve],
    ['is none where ours came later', 9_000, 10_001, localNewer],
  ])('%s', (_, writtenAtMs, decidedAtMs, expected) => {
    const lastWrittenVersion = writtenAtMs === null ? null : at(writtenAtMs);
    expect(gate({}, {}, { lastWrittenVersion }, { decidedAtMs })).toEqual(expected);
  });
});

describe('our own doing', () => {
  const echo = { actor: own };
  it.each<[string, Partial<Facts['snapshot']>, Partial<Facts>, object]>([
    [
      'that shows what we synced is dropped',
      { assignees: [bob] },
      {},
      { kind: 'drop', reason: 'own' },
    ],
    ['about a status is dropped', { assignees: null }, {}, { kind: 'drop', reason: 'own' }],
    [
      'without our person is a trace of a late write: repaired',
      { assignees: [] },
      {},
      { kind: 'verify', reason: 'own', onDrift: 'repair' },
    ],
    [
      'with somebody nobody saw before is repaired',
      { assignees: [bob, carol] },
      {},
      { kind: 'verify', reason: 'own', onDrift: 'repair' },
    ],
    [
      "by another group's link is adopted, else two groups would never stop",
      { assignees: [carol] },
      { siblings: [carol] },
      { kind: 'verify', reason: 'own', onDrift: 'adopt' },
    ],
    [
      "beside another group's person is dropped",
      { assignees: [bob, carol] },
      { siblings: [carol] },
      { kind: 'drop', reason: 'own' },
    ],
  ])('%s', (_, snapshot, rest, expected) => {
    expect(gate({ ...echo, ...snapshot }, rest)).toEqual(expected);
  });

  it('is ours alone: other bots count as people', () => {
    expect(gate({ actor: { externalId: 'renovate', externalName: 'renovate[bot]' } })).toEqual(
      resolve,
    );
    expect(gate(echo, { ownActor: null })).toEqual(resolve);
  });
});

describe('what was read', () => {
  const read = { origin: 'read' } as const;
  it.each<
    [string, Partial<Facts['snapshot']>, Partial<Facts['link']>, Partial<Facts['local']>, object]
  >([
    [
      'is the present, however old',
      { externalVersion: at(1_000) },
      { watermark: at(10_000) },
      {},
      resolve,
    ],
    ['is no echo, whoever was named in the webhook', { actor: own }, {}, {}, resolve],
    [
      'wins over a synced change here, whatever the clocks say',
      {},
      {},
      { decidedAtMs: 99_000 },
      resolve,
    ],
    [
      'loses to one that they were not told yet',
      {},
      {},
      { version: 3, decidedAtMs: 99_000 },
      localNewer,
    ],
    [
      'is no news when it was there as we synced',
      { assignees: [bob] },
      {},
      {},
      { kind: 'drop', reason: 'seen' },
    ],
    [
      'may be our own half-done write',
      {},
      { inflight: { add: carol } },
      {},
      { kind: 'verify', reason: 'writing', onDrift: 'adopt' },
    ],
    [
      'may be from before our own last write',
      { externalVersion: at(5_000) },
      {},
      {},
      { kind: 'verify', reason: 'writing', onDrift: 'adopt' },
    ],
  ])('%s', (_, snapshot, link, local, expected) => {
    expect(gate(snapshot, read, link, local)).toEqual(expected);
  });
});
