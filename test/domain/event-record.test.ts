import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEvents, typesOf, unpackEvents } from '../../shared/domain/event-record.ts';
import type { EventRecord } from '../../shared/domain/events.ts';

const envelope = {
  aggregateId: 'group:101',
  version: 1,
  occurredAt: '2026-12-01T09:00:00.000Z',
  requestId: 'r',
  organizationId: '1',
  projectId: '31',
  groupId: '101',
  actor: 'user:11',
};

const assigned: EventRecord = {
  type: 'issue.assigned',
  detail: { eventId: 'a', ...envelope, data: { previous: null } },
};
const manual: EventRecord = {
  type: 'manual.issue_assignment',
  detail: { eventId: 'b', ...envelope, version: 2, data: { position: 0 } },
};

const unpacked = (events: string) =>
  unpackEvents({ events })?.map(({ eventId, type, detail }) => ({
    eventId,
    type,
    detail: JSON.parse(detail),
  }));

describe('the record of the events of a transaction', () => {
  it('holds what their envelopes have in common once', () => {
    const { aggregateId, occurredAt, requestId, organizationId, projectId, groupId, actor } =
      envelope;
    expect(JSON.parse(packEvents([assigned, manual]))).toEqual({
      shared: { aggregateId, occurredAt, requestId, organizationId, projectId, groupId, actor },
      events: [
        { type: 'issue.assigned', eventId: 'a', version: 1, data: { previous: null } },
        { type: 'manual.issue_assignment', eventId: 'b', version: 2, data: { position: 0 } },
      ],
    });
  });

  it('names the types in it once each', () => {
    expect(typesOf([assigned, manual, assigned])).toEqual([assigned.type, manual.type]);
  });

  it('of before December 2026 holds one event in its envelope', () => {
    const detail = JSON.stringify(manual.detail);
    expect(unpackEvents({ detailType: manual.type, detail })).toEqual([
      { eventId: 'b', type: manual.type, detail },
    ]);
  });

  it.each([
    ['nothing', {}],
    ['no JSON', { events: '{"shared":' }],
    ['JSON of something else', { events: '{"shared":{}}' }],
    ['an event that is none', { events: '{"shared":{},"events":[null]}' }],
    [
      'one of two that is none',
      { events: '{"shared":{},"events":[{"type":"t","eventId":"a"},7]}' },
    ],
    ['an event without an id', { events: '{"shared":{},"events":[{"type":"t"}]}' }],
    ['an envelope that is no JSON', { detailType: 'issue.assigned', detail: '{' }],
    ['an envelope without an id', { detailType: 'issue.assigned', detail: '{}' }],
    ['a type without an envelope', { detailType: 'issue.assigned' }],
  ])('with %s in it holds no events', (_, attributes) => {
    expect(unpackEvents(attributes)).toBeNull();
  });

  it('is events with their ids and types, or none, whatever it holds', () => {
    const attribute = fc.oneof(fc.json(), fc.string(), fc.jsonValue(), fc.constant(undefined));
    const packed = fc
      .record({
        shared: fc.jsonValue(),
        events: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
      })
      .map((value) => JSON.stringify(value));
    const record = fc.record({
      ...{ events: fc.oneof(packed, attribute), detailType: attribute, detail: attribute },
    });
    fc.assert(
      fc.property(record, (attributes) => {
        for (const event of unpackEvents(attributes) ?? []) {
          expect([typeof event.eventId, typeof event.type, typeof event.detail]).toEqual([
            'string',
            'string',
            'string',
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives back every envelope as it was, whatever they have in common', () => {
    const text = fc.string({ maxLength: 3 });
    const detail = fc.record(
      {
        eventId: text,
        aggregateId: text,
        version: fc.nat(2),
        occurredAt: text,
        requestId: text,
        organizationId: text,
        projectId: text,
        groupId: text,
        actor: text,
        operationId: text,
        data: fc.dictionary(text, fc.jsonValue({ maxDepth: 1 })),
      },
      { requiredKeys: ['eventId', 'aggregateId', 'version', 'occurredAt', 'data'] },
    );
    const event = fc.record({ type: fc.constantFrom(assigned.type, manual.type), detail });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 4 }), (events) => {
        const records = events as unknown as EventRecord[];
        expect(unpacked(packEvents(records))).toEqual(
          records.map(({ type, detail: own }) => ({
            eventId: own.eventId,
            type,
            detail: JSON.parse(JSON.stringify(own)),
          })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
