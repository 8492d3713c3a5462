import { expect, it } from 'vitest';
import {
  readSecrets,
  rotatedSecrets,
  signingSecrets,
} from '../../../shared/domain/webhooks/webhook-secrets.ts';

const HOUR = 3_600_000;
const secret = (id: string) => ({ id, secret: `whsec_${id}` });

it('the secret before the newest signs for 24 hours more, and a second rotation drops the oldest', () => {
  const first = rotatedSecrets([], secret('a'), 0);
  expect(first).toEqual([{ ...secret('a'), untilMs: null }]);
  const second = rotatedSecrets(first, secret('b'), 10 * HOUR);
  const ids = (at: number, of = second) => signingSecrets(of, at).map(({ id }) => id);
  expect(ids(34 * HOUR - 1)).toEqual(['b', 'a']);
  expect(ids(34 * HOUR)).toEqual(['b']);
  const third = rotatedSecrets(second, secret('c'), 11 * HOUR);
  expect(ids(12 * HOUR, third)).toEqual(['c', 'b']);
  expect(rotatedSecrets(second, secret('c'), 40 * HOUR).map(({ id }) => id)).toEqual(['c', 'b']);
});

it.each([null, 'x', 7, [], {}, { secrets: 'x' }, { secrets: [{ id: 1 }] }])(
  'what holds no secrets, like %j, is read as none',
  (value) => {
    expect(readSecrets(value)).toEqual([]);
  },
);
