import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSeenEvent, type SeenEvent } from '../../../shared/domain/ingest/seen-event.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const plain = { eventId: 'e1', organization: 'acme', project: 'shop', fingerprint: 'f' };

function read(more: Record<string, unknown>): SeenEvent {
  const reading = readSeenEvent({ ...plain, ...more }, NOW);
  if (!reading.ok) {
    throw new Error(reading.reason);
  }
  return reading.event;
}

describe('an event from outside', () => {
  it.each<[string, Record<string, unknown>, Partial<SeenEvent>]>([
    ['ids may be numbers', { organization: 1, project: 31 }, { organization: '1', project: '31' }],
    ['a group by a number', { groupId: 101 }, { target: { kind: 'group', groupId: '101' } }],
    [
      'a group before a fingerprint',
      { groupId: '007' },
      { target: { kind: 'group', groupId: '7' } },
    ],
    [
      'a fingerprint of several parts',
      { fingerprint: ['a', 'b'] },
      { target: { kind: 'fingerprint', fingerprint: 'a\nb' } },
    ],
    ['a level that there is not', { level: 'loud' }, { level: 'error' }],
    ['a level', { level: 'warning' }, { level: 'warning' }],
    ['no title', {}, { title: '<unlabeled event>' }],
    [
      'a title from its exception',
      { event: { exception: { values: [{ type: 'A' }, { type: 'KeyError', value: 'x' }] } } },
      { title: 'KeyError: x' },
    ],
    [
      'a title that is too long',
      { title: `${'x'.repeat(254)}\u{1f600}x` },
      { title: `${'x'.repeat(254)}\u{1f600}` },
    ],
    [
      'a title of 255 emoji',
      { title: '\u{1f600}'.repeat(255) },
      { title: '\u{1f600}'.repeat(255) },
    ],
    ['a release', { event: { release: ' a@1 ' } }, { release: 'a@1' }],
    ['a release of a tag', { event: { tags: [['release', 'b']] } }, { release: 'b' }],
    [
      'a release beside its tag',
      { event: { release: 7, tags: [['release', 'b']] } },
      { release: '7' },
    ],
    ['no release', { event: { release: {}, tags: { release: [] } } }, { release: null }],
    [
      'a release of 250 emoji',
      { event: { release: '\u{1f600}'.repeat(250) } },
      { release: '\u{1f600}'.repeat(250) },
    ],
    ['a release that is too long', { event: { release: 'x'.repeat(251) } }, { release: null }],
    [
      'a time',
      { timestamp: '2026-11-22T10:00:00+01:00' },
      { timestamp: '2026-11-22T09:00:00.000Z' },
    ],
    [
      'a time without a zone',
      { timestamp: '2026-11-22T10:00:00' },
      { timestamp: '2026-11-22T10:00:00.000Z' },
    ],
    ['unix seconds', { timestamp: 1_763_800_000.5 }, { timestamp: '2025-11-22T08:26:40.500Z' }],
    ['a time to come', { timestamp: '2027-01-01T00:00:00Z' }, { timestamp: NOW }],
    ['no time', { timestamp: 'soon' }, { timestamp: NOW }],
    ['a time before all times', { timestamp: -5 }, { timestamp: NOW }],
    [
      'a user by id before address',
      { event: { user: { id: 7, email: 'a@b.c' } } },
      { user: 'id:7' },
    ],
    ['a user by address', { event: { user: { email: 'a@b.c' } } }, { user: 'email:a@b.c' }],
    ['no user', { event: { user: [] } }, { user: null }],
    [
      'a commit',
      { commit: { id: 'c', authorEmail: 'a@b.c' } },
      { commit: { id: 'c', authorEmail: 'a@b.c' } },
    ],
    ['a commit of nobody', { commit: { id: 'c' } }, { commit: null }],
    ['a platform of the event', { event: { platform: 'go' } }, { platform: 'go' }],
    ['reprocessing', { reprocessed: true }, { isReprocessed: true }],
    ['no real reprocessing', { reprocessed: 'yes' }, { isReprocessed: false }],
  ])('%s', (_, more, expected) => {
    expect(read(more)).toMatchObject(expected);
  });

  it.each([
    ['no event id', { eventId: undefined }],
    ['an empty event id', { eventId: '  ' }],
    ['no organization', { organization: null }],
    ['no project', { project: {} }],
    ['no target', { fingerprint: undefined }],
    ['an empty fingerprint', { fingerprint: [] }],
    ['a fingerprint with a hole', { fingerprint: ['a', null] }],
    ['a group that is no id', { groupId: 'SHOP-1' }],
  ])('is malformed with %s', (_, more) => {
    expect(readSeenEvent({ ...plain, ...more }, NOW)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (event, timestamp, commit) => {
        const { timestamp: read_ } = read({ event, timestamp, commit, title: event });
        expect(new Date(read_).toISOString()).toBe(read_);
        expect(read_ <= NOW).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (detail) => void readSeenEvent(detail, NOW)));
  });
});
