import { describe, expect, it } from 'vitest';
import type { Group } from '../../../shared/domain/issues/group.ts';
import { inboxEntryOf } from '../../../shared/domain/issues/inbox.ts';
import { group } from '../../support/builders.ts';

const FIRST = '2026-11-01T00:00:00.000Z';
const LAST = '2026-11-20T00:00:00.000Z';

describe('an issue in the inbox', () => {
  it.each<[Partial<Group>, ReturnType<typeof inboxEntryOf>]>([
    [{ substatus: 'new' }, { reason: 'new', since: FIRST }],
    [{ substatus: 'ongoing' }, { reason: 'new', since: FIRST }],
    [{ substatus: null }, { reason: 'new', since: FIRST }],
    [{ substatus: 'regressed' }, { reason: 'regressed', since: LAST }],
    [{ substatus: 'escalating' }, { reason: 'escalating', since: LAST }],
    [{ substatus: 'new', inInbox: false }, null],
    [{ status: 'resolved', substatus: null }, null],
    [{ status: 'ignored', substatus: 'archived_forever' }, null],
  ])('%j waits as %j', (given, expected) => {
    const waiting = group({
      status: 'unresolved',
      inInbox: true,
      firstSeen: FIRST,
      lastSeen: LAST,
      ...given,
    });
    expect(inboxEntryOf(waiting)).toEqual(expected);
  });
});
