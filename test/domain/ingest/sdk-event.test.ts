import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sdkEventId, seenDetailOf } from '../../../shared/domain/ingest/sdk-event.ts';
import { readSeenEvent } from '../../../shared/domain/ingest/seen-event.ts';

const MIB = 1024 * 1024;
const NOW = '2026-11-29T12:00:00.000Z';
const detailOf = (event: Readonly<Record<string, unknown>>, projectId = '31') =>
  seenDetailOf(event, {
    projectId,
    organizationId: '1',
    eventId: 'e1',
    hashOf: (text) => `hash of ${text.slice(0, 40).replaceAll('\n', ' ')}`,
  });

const frame = { filename: 'app/cart.py', function: 'pay', in_app: true };
const event = {
  platform: 'python',
  level: 'fatal',
  environment: 'production',
  release: 'shop@1.2.3',
  transaction: '/checkout',
  timestamp: 1_764_417_600,
  exception: {
    values: [
      {
        type: 'KeyError',
        value: 'no card\nof many lines',
        stacktrace: { frames: [{ ...frame, vars: { card: '4111' }, context_line: 'pay(card)' }] },
      },
    ],
  },
  user: { id: 7, email: 'bob@acme.io', ip_address: '10.0.0.7', data: { plan: 'gold' } },
  request: {
    url: 'https://bob:secret@shop.example/checkout?card=4111#top',
    cookies: { session: 'abc' },
    headers: { Authorization: 'Bearer x' },
    data: { card: '4111' },
  },
  tags: { region: 'eu', empty: null },
  breadcrumbs: [{ message: 'typed 4111' }],
  contexts: { device: { name: 'Bob’s phone' } },
  extra: { card: '4111' },
  server_name: 'host-7',
};

describe('the event of an SDK', () => {
  it('is told on the bus with what rules and counts need', () => {
    const read = readSeenEvent(JSON.parse(JSON.stringify(detailOf(event))), NOW);
    expect(read).toMatchObject({
      ok: true,
      event: {
        eventId: 'e1',
        organization: '1',
        project: '31',
        title: 'KeyError: no card',
        culprit: '/checkout',
        level: 'fatal',
        platform: 'python',
        environment: 'production',
        release: 'shop@1.2.3',
        timestamp: '2025-11-29T12:00:00.000Z',
        user: 'id:hash of 31 id 7',
        target: { kind: 'fingerprint', fingerprint: 'exception\nKeyError\napp/cart.py pay' },
        event: {
          request: { url: 'https://shop.example/checkout' },
          tags: [['region', 'eu']],
          exception: { values: [{ stacktrace: { frames: [{ filename: 'app/cart.py' }] } }] },
        },
      },
    });
  });

  it('is told without anything else of a person', () => {
    const told = JSON.stringify(detailOf(event));
    for (const kept of ['4111', 'bob', 'acme.io', '10.0.0.7', 'gold', 'abc', 'Bearer', 'phone']) {
      expect(told).not.toContain(kept);
    }
  });

  it('is told without what the address of a page says of who asked', () => {
    const inPage = { filename: 'https://bob:x@shop.example/pay?card=4111#bob', function: 'pay' };
    const sent = { exception: { values: [{ type: 'Error', stacktrace: { frames: [inPage] } }] } };
    const told = detailOf(sent);
    expect(told.culprit).toBe('https://shop.example/pay in pay');
    expect(JSON.stringify(told)).not.toMatch(/4111|bob/);
    expect(detailOf({ transaction: '/pay?card=4111' }).culprit).toBe('/pay');
    expect(detailOf({ transaction: 'https://shop.example/pay?card=4111' }).culprit).toBe(
      'https://shop.example/pay',
    );
  });

  it.each([
    ['by id before e-mail', { email: 'a@b.c', id: '7' }, { user: { id: 'hash of 31 id 7' } }],
    ['by e-mail', { email: 'a@b.c' }, { user: { id: 'hash of 31 email a@b.c' } }],
    ['by nothing where the address is to be guessed', { ip_address: '{{auto}}' }, {}],
    ['by nothing without a user', undefined, {}],
  ])('tells users apart %s', (_, user, told) => {
    const { user: kept } = detailOf({ user }).event as { user?: unknown };
    expect(kept === undefined ? {} : { user: kept }).toEqual(told);
  });

  it.each([
    ['by its exception', event, 'KeyError: no card'],
    ['by its message', { message: '\nThe till is empty.\nReally.' }, 'The till is empty.'],
    [
      'by its message with the values in it',
      { logentry: { message: 'no %s', formatted: 'no 7' } },
      'no 7',
    ],
    ['by nothing', {}, undefined],
  ])('is titled %s', (_, sent, title) => {
    expect(detailOf(sent).title).toBe(title);
  });

  it('is small enough for the bus and is read there, whatever was sent', () => {
    const names = fc.constantFrom(
      'exception',
      'user',
      'tags',
      'request',
      'threads',
      'message',
      'level',
      'timestamp',
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (sent) => {
        const told = JSON.stringify(detailOf(sent));
        expect(readSeenEvent(JSON.parse(told), NOW).ok).toBe(true);
      }),
    );
    const long = '💥'.repeat(600);
    const frames = Array.from({ length: 100 }, () => ({
      filename: long,
      module: long,
      abs_path: long,
    }));
    const exception = {
      values: Array.from({ length: 25 }, () => ({ type: long, stacktrace: { frames } })),
    };
    const tags = Array.from({ length: 300 }, (_, index) => [`${index}${long}`, long]);
    const wide = '\u0001'.repeat(MIB);
    const texts = ['level', 'platform', 'timestamp', 'environment', 'release', 'transaction'];
    const fields = Object.fromEntries(
      [...texts, 'message', 'fingerprint'].map((name) => [name, wide]),
    );
    for (const sent of [
      { exception, tags, message: long },
      fields,
      { ...fields, exception, tags },
    ]) {
      const told = JSON.stringify(detailOf({ ...sent, fingerprint: [wide, wide] }));
      expect(Buffer.byteLength(told)).toBeLessThan(256_000);
    }
  });
});

it.each([
  ['FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0', 'fc6d8c0c43fc4630ad850ee518f1b9d0'],
  ['fc6d8c0c43fc4630ad850ee518f1b9d0', 'fc6d8c0c43fc4630ad850ee518f1b9d0'],
  ['fc6d', null],
  [7, null],
  [null, null],
])('the id %s is %s', (given, id) => {
  expect(sdkEventId(given)).toBe(id);
});
