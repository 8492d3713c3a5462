import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyOfChanges,
  bodyOfPing,
  entryOf,
  type GatheredChange,
  namedSides,
  nameWithoutAddress,
} from '../../../shared/domain/webhooks/webhook-body.ts';

const data = { issue: null, project: null, before: null, after: null, actor: null };
const change = (eventId: string, bytes = 0): GatheredChange => ({
  eventId,
  timestamp: '2026-12-01T12:00:00.000Z',
  entry: entryOf(eventId, {
    ...data,
    after: { text: 'x'.repeat(bytes) },
    operationId: null,
    version: null,
  }),
});
const bytesOf = (text: string) => Buffer.byteLength(text);

describe('a body of several changes', () => {
  it('holds each with the id of its event, and takes at most 100 and 256 KB', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 130 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const changes = bytes.map((size, index) => change(`e${index}`, size));
        const { body, taken } = bodyOfChanges('issue.assigned', changes, bytesOf);
        expect(taken).toEqual(changes.slice(0, taken.length));
        expect(taken.length).toBeGreaterThan(0);
        expect(taken.length).toBeLessThanOrEqual(100);
        expect(bytesOf(body)).toBeLessThanOrEqual(256 * 1_024);
        const { type, data: told } = JSON.parse(body);
        expect(type).toBe('issue.assigned');
        expect(told.issues.map(({ eventId }: { eventId: string }) => eventId)).toEqual(
          taken.map(({ eventId }) => eventId),
        );
        const next = changes[taken.length];
        const isFull = taken.length === 100 || bytesOf(body) + bytesOf(next?.entry ?? '') > 250_000;
        expect(next === undefined || isFull).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

it('a ping says nothing', () => {
  expect(JSON.parse(bodyOfPing('now'))).toEqual({
    type: 'webhook.ping',
    timestamp: 'now',
    data: {},
  });
});

it.each([
  [{ name: 'Alice', username: 'alice@acme.io' }, 'Alice'],
  [{ name: '', username: 'alice' }, 'alice'],
  [{ name: 'alice@acme.io', username: 'alice' }, 'alice'],
  [{ name: 'alice@acme.io', username: 'alice@acme.io' }, null],
])('%j is called %j: no address is told', (user, expected) => {
  expect(nameWithoutAddress(user)).toBe(expected);
});

it('actors of both sides have names, and nobody stays nobody', () => {
  const alice = { type: 'user', id: '11' } as const;
  const told = {
    before: { assignedTo: null },
    after: { assignedTo: alice, other: { cause: 'x' } },
  };
  expect(namedSides(told, (actor) => ({ ...actor, name: 'Alice' }))).toEqual({
    before: { assignedTo: null },
    after: { assignedTo: { ...alice, name: 'Alice' }, cause: 'x' },
  });
});
