import { describe, expect, it } from 'vitest';
import {
  aggregateSeen,
  beginGroup,
  countSeen,
  LAST_SEEN_GRAIN_MS,
  type ReleasesFirstSeen,
  waitsForCounts,
} from '../../../shared/domain/ingest/seen.ts';
import type { SeenEvent } from '../../../shared/domain/ingest/seen-event.ts';
import type { Group } from '../../../shared/domain/issues/group.ts';
import { changes, group } from '../../support/builders.ts';

const at = (minute: number, second = 0) =>
  new Date(Date.UTC(2026, 10, 22, 10, minute, second)).toISOString();

function event(minute: number, more: Partial<SeenEvent> = {}): SeenEvent {
  return {
    eventId: `e${minute}`,
    organization: 'acme',
    project: 'shop',
    target: { kind: 'fingerprint', fingerprint: 'f' },
    title: 't',
    culprit: null,
    level: 'error',
    platform: null,
    environment: null,
    release: null,
    timestamp: at(minute),
    user: null,
    event: null,
    commit: null,
    isReprocessed: false,
    ...more,
  };
}

function counted(
  before: Partial<Group>,
  events: readonly SeenEvent[],
  resolvedAt: string | null = null,
  releases: ReleasesFirstSeen = new Map(),
) {
  const facts = { group: group({ firstSeen: at(0), lastSeen: at(10), timesSeen: 5, ...before }) };
  return countSeen(changes({ ...facts, now: at(30), actingUserId: null }), aggregateSeen(events), {
    newUsers: 0,
    resolvedAt,
    releases,
  });
}

describe('a fold', () => {
  it('knows the first and the last, the latest to be evaluated, and each user once', () => {
    const commit = { id: 'c', authorEmail: 'a@b.c' };
    const aggregate = aggregateSeen([
      event(3, { user: 'id:1', commit }),
      event(9, { isReprocessed: true, commit }),
      event(5, { user: 'id:2' }),
      event(1, { user: 'id:1' }),
    ]);
    expect(aggregate).toMatchObject({
      count: 4,
      firstSeen: at(1),
      lastSeen: at(9),
      users: ['id:1', 'id:2'],
      latest: { eventId: 'e5' },
      commits: [commit],
    });
    expect(aggregateSeen([event(1, { isReprocessed: true })]).latest).toBeNull();
  });
});

describe('counting', () => {
  it.each([
    ['a minute later moves', [event(11)], at(11)],
    ['less than a minute later stays', [event(10, { timestamp: at(10, 59) })], at(10)],
    ['earlier stays', [event(4)], at(10)],
  ])('lastSeen, %s', (_, events, lastSeen) => {
    expect(counted({}, events).group.lastSeen).toBe(lastSeen);
    expect(LAST_SEEN_GRAIN_MS).toBe(60_000);
  });

  it('moves firstSeen to what was earlier', () => {
    expect(counted({}, [event(0, { timestamp: at(-5) })]).group.firstSeen).toBe(at(-5));
  });

  it.each([
    ['later than the resolve', at(12), 13, 'regressed'],
    ['at the time of the resolve', at(12), 12, null],
    ['before the resolve', at(12), 11, null],
    ['later than the last, where no resolve is on record', null, 11, 'regressed'],
    ['earlier than the last, where no resolve is on record', null, 9, null],
  ])('a resolved group, seen %s', (_, resolvedAt, minute, substatus) => {
    const before = {
      status: 'resolved',
      substatus: null,
      statusVersion: 4,
      inInbox: false,
    } as const;
    const after = counted(before, [event(minute)], resolvedAt);
    expect(after.group.substatus).toBe(substatus);
    expect(after.group.statusVersion).toBe(substatus === null ? 4 : 5);
    expect(after.activities.map(({ type }) => type)).toEqual(
      substatus === null ? [] : ['set_regression'],
    );
    if (substatus === null) {
      return;
    }
    expect(after.group).toMatchObject({
      status: 'unresolved',
      inInbox: true,
      lastSeen: at(minute),
    });
    expect(after.activities).toMatchObject([{ userId: null, history: 'regressed' }]);
    expect(after.events).toMatchObject([
      {
        type: 'issue.status_changed',
        version: 5,
        data: { status: 'unresolved', substatus: 'regressed', previous: { status: 'resolved' } },
      },
    ]);
  });

  it.each<[string, Partial<Group>, boolean]>([
    ['with a count', { statusDetails: { ignoreCount: 3 } }, true],
    ['with users', { statusDetails: { ignoreUserCount: 3 } }, true],
    ['with a date', { statusDetails: { ignoreUntil: at(59) } }, false],
    ['without a baseline', { statusDetails: { ignoreCount: 3 }, snoozeBaseline: null }, false],
    ['that is resolved', { status: 'resolved', statusDetails: { ignoreCount: 3 } }, false],
  ])('an archive %s waits for counts: %#', (_, more, expected) => {
    const archived = group({
      status: 'ignored',
      snoozeBaseline: { timesSeen: 5, userCount: 0, at: at(1) },
      ...more,
    });
    expect(waitsForCounts(archived)).toBe(expected);
  });
});

describe('the newest release of a group', () => {
  const old = { version: 'shop@1.0.0', firstSeen: at(0) };

  it.each<[string, (string | null)[], string]>([
    ['stays where no event names one', [null], 'shop@1.0.0'],
    ['stays where events name older ones', ['shop@0.9.0', null], 'shop@1.0.0'],
    ['stays where events name itself', ['shop@1.0.0', 'shop@1.0.0+1'], 'shop@1.0.0'],
    ['is the newest that events name', ['shop@1.2.0', 'shop@1.10.0', null], 'shop@1.10.0'],
  ])('%s', (_, names, expected) => {
    const events = names.map((release, index) => event(index, { release }));
    expect(counted({ newestRelease: old }, events).group.newestRelease?.version).toBe(expected);
    const ids = { id: '1', organizationId: '1', projectId: '31', shortId: 'SHOP-1' };
    const begun = beginGroup(ids, event(0), aggregateSeen(events), new Map());
    const named = names.filter((name) => name !== null);
    expect(begun.newestRelease === null).toBe(named.length === 0);
  });

  it('goes by when it was first seen in the project, where it is no version', () => {
    const releases = new Map([['abc', at(-60)]]);
    const before = { newestRelease: { version: 'xyz', firstSeen: at(-30) } };
    const older = counted(before, [event(5, { release: 'abc' })], null, releases);
    expect(older.group.newestRelease?.version).toBe('xyz');
    const newer = counted(before, [event(5, { release: 'new' })], null, releases);
    expect(newer.group.newestRelease).toEqual({ version: 'new', firstSeen: at(5) });
  });
});

describe('a group that is resolved in a release comes back', () => {
  const resolvedAt = at(12);
  const after = { version: 'shop@1.9.0', firstSeen: at(0) };
  const inNext = { statusDetails: { inNextRelease: true }, resolvedAfter: after };
  const inRelease = { statusDetails: { inRelease: 'shop@1.9.0' } };
  const byHash = {
    statusDetails: { inNextRelease: true },
    resolvedAfter: { version: 'abc', firstSeen: at(5) },
  };
  const releases = new Map([
    ['older', at(4)],
    ['newer', at(6)],
  ]);

  it.each<[string, Partial<Group>, (string | null)[], boolean]>([
    ['next: not by the newest so far', inNext, ['shop@1.9.0'], false],
    ['next: not by another build of it', inNext, ['shop@1.9.0+2'], false],
    ['next: not by an older one', inNext, ['shop@1.8.0'], false],
    ['next: by a newer one', inNext, ['shop@1.10.0'], true],
    ['next: not by an event without one', inNext, [null], false],
    [
      'next: by one newer event among older ones',
      inNext,
      [null, 'shop@1.10.0', 'shop@1.8.0'],
      true,
    ],
    ['next of none: by any', { ...inNext, resolvedAfter: null }, ['shop@1.0.0'], true],
    ['next of none: by an event without one', { ...inNext, resolvedAfter: null }, [null], true],
    ['next, no versions: not by one seen before', byHash, ['older'], false],
    ['next, no versions: not by itself', byHash, ['abc'], false],
    ['next, no versions: by one seen later', byHash, ['newer'], true],
    ['next, no versions: by one that nobody has seen', byHash, ['unheard'], true],
    ['in: by that one', inRelease, ['shop@1.9.0'], true],
    ['in: by a newer one', inRelease, ['shop@1.10.0'], true],
    ['in: not by an older one', inRelease, ['shop@1.8.0'], false],
    ['in: not by an event without one', inRelease, [null], false],
    [
      'in one to come: not by what was seen',
      { statusDetails: { inRelease: 'z' } },
      ['newer'],
      false,
    ],
    ['in one to come: by that one', { statusDetails: { inRelease: 'z' } }, ['z'], true],
    ['plainly: by any', {}, ['shop@0.1.0'], true],
  ])('%s', (_, state, names, expected) => {
    const before: Partial<Group> = { status: 'resolved', substatus: null, ...state };
    const events = names.map((release, index) => event(20 + index, { release }));
    const { group: next, activities } = counted(before, events, resolvedAt, releases);
    expect(next.status).toBe(expected ? 'unresolved' : 'resolved');
    if (expected) {
      expect(next).toMatchObject({ statusDetails: {}, resolvedAfter: null });
    }
    const cause = names.findIndex((name) => name !== null && name !== 'shop@1.8.0');
    const eventId = `e${20 + Math.max(cause, 0)}`;
    expect(activities.map(({ data }) => data)).toEqual(expected ? [{ event_id: eventId }] : []);
    const early = events.map((one) => ({ ...one, timestamp: at(11) }));
    expect(counted(before, early, resolvedAt, releases).group.status).toBe('resolved');
  });

  it('only by an event that is both later and of a newer release', () => {
    const before: Partial<Group> = { status: 'resolved', substatus: null, ...inNext };
    const late = event(20, { release: 'shop@1.8.0' });
    const newer = event(11, { release: 'shop@2.0.0' });
    expect(counted(before, [late, newer], resolvedAt).group.status).toBe('resolved');
  });
});

describe('an archive with two windows', () => {
  it('begins each of them anew by itself', () => {
    const archived: Partial<Group> = {
      status: 'ignored',
      statusDetails: { ignoreCount: 9, ignoreWindow: 10, ignoreUserCount: 9, ignoreUserWindow: 60 },
      timesSeen: 12,
      userCount: 7,
      snoozeBaseline: { timesSeen: 5, userCount: 2, at: at(15) },
    };
    const { group: next } = counted(archived, [event(30)]);
    expect(next.snoozeBaseline).toEqual({
      timesSeen: 12,
      at: at(30),
      userCount: 2,
      usersAt: at(15),
    });
    expect(next.status).toBe('ignored');
  });
});
