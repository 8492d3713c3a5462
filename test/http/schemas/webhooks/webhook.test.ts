import { expect, it } from 'vitest';
import { parseRedelivery } from '../../../../shared/http/schemas/webhooks/webhook.ts';

it.each([
  ['2026-12-01T09:30:00Z', '2026-12-01T09:30:00.000Z'],
  ['2026-12-01T09:30+02:00', '2026-12-01T07:30:00.000Z'],
  ['2026-12-01', '2026-12-01T00:00:00.000Z'],
])('deliveries since %s are those since %s', (since, utc) => {
  expect(parseRedelivery({ since })).toBe(utc);
});

it.each([undefined, null, 5, '', 'yesterday', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z'])(
  'there are none since %j',
  (since) => {
    expect(() => parseRedelivery({ since })).toThrow();
  },
);

it('no other key is known', () => {
  expect(() => parseRedelivery({ since: '2026-12-01', until: '2026-12-02' })).toThrow();
});
