import { describe, expect, it } from 'vitest';
import {
  countSeen,
  foldSeen,
  lastSeenGrainMs,
  waitsForCounts,
} from '../../../shared/domain/ingest/seen.ts';
import type { SeenEvent } from '../../../shared/domain/ingest/seen-event.ts';
import type { Group } from '../../../shared/domain/issues/group.ts';
import { draft, group } from '../../support/builders.ts';

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
) {
  const facts = { group: group({ firstSeen: at(0), lastSeen: at(10), timesSeen: 5, ...before }) };
  return countSeen(draft({ ...facts, now: at(30), actingUserId: null }), foldSeen(events), {
    newUsers: 0,
    resolvedAt,
  });
}

describe('a fold', () => {
  it('knows the first and the last, the latest to be evaluated, and each user once', () => {
    const commit = { id: 'c', authorEmail: 'a@b.c' };
    const fold = foldSeen([
      event(3, { user: 'id:1', commit }),
      event(9, { isReprocessed: true, commit }),
      event(5, { user: 'id:2' }),
      event(1, { user: 'id:1' }),
    ]);
    expect(fold).toMatchObject({
      count: 4,
      firstSeen: at(1),
      lastSeen: at(9),
      users: ['id:1', 'id:2'],
      latest: { eventId: 'e5' },
      commits: [commit],
    });
    expect(foldSeen([event(1, { isReprocessed: true })]).latest).toBeNull();
  });
});

describe('counting', () => {
  it.each([
    ['a minute later moves', [event(11)], at(11)],
    ['less than a minute later stays', [event(10, { timestamp: at(10, 59) })], at(10)],
    ['earlier stays', [event(4)], at(10)],
  ])('lastSeen, %s', (_, events, lastSeen) => {
    expect(counted({}, events).group.lastSeen).toBe(lastSeen);
    expect(lastSeenGrainMs).toBe(60_000);
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
    if (substatus === null) return;
    expect(after.group).toMatchObject({
      status: 'unresolved',
      inInbox: true,
      lastSeen: at(minute),
    });
    expect(after.history).toEqual([{ status: 'regressed', userId: null }]);
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
