import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope, readStored } from '../../../shared/domain/ingest/envelope.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const HEADER = JSON.stringify({ event_id: ID });

describe('an envelope', () => {
  it.each<[string, string, unknown[]]>([
    ['of a header alone', HEADER, []],
    ['that ends with its header', `${HEADER}\n`, []],
    [
      'with an event up to the end of its line',
      `${HEADER}\n{"type":"event"}\n{"a":1}\n`,
      [{ a: 1 }],
    ],
    ['with an event of a length', `${HEADER}\n{"type":"event","length":7}\n{"a":1}`, [{ a: 1 }]],
    [
      'with an event over several lines',
      `${HEADER}\n{"type":"event","length":9}\n{\n"a":1\n}\n`,
      [{ a: 1 }],
    ],
    [
      'with other items around it, which are left out',
      `${HEADER}\n{"type":"session"}\nno JSON\n{"type":"event"}\n{"a":1}\n{"type":"attachment","length":3}\n\n{}\n`,
      [{ a: 1 }],
    ],
    ['with empty lines at its end', `${HEADER}\n{"type":"event"}\n{"a":1}\n\n\n`, [{ a: 1 }]],
    [
      'with two events',
      `{}\n{"type":"event"}\n{"a":1}\n{"type":"event"}\n{"a":2}`,
      [{ a: 1 }, { a: 2 }],
    ],
  ])('%s is read', (_, text, events) => {
    expect(readEnvelope(bytes(text)).events).toEqual(events);
  });

  it('has the id of its event in its header', () => {
    expect(readEnvelope(bytes(HEADER)).eventId).toBe(ID);
    expect(readEnvelope(bytes('{}')).eventId).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['an item that is no object', '{}\n[]\n{}'],
    ['an item that is shorter than it says', '{}\n{"type":"event","length":9}\n{}'],
    ['an item of less than nothing', '{}\n{"type":"event","length":-1}\n{}'],
    ['an item of a length that is no number', '{}\n{"type":"event","length":"x"}\n{}'],
    ['an event that is no JSON', '{}\n{"type":"event"}\n{"a":'],
    ['an event that is too deep', `{}\n{"type":"event"}\n${'['.repeat(9999)}`],
  ])('that is %s is none', (_, text) => {
    expect(() => readEnvelope(bytes(text))).toThrow(SyntaxError);
  });

  it('gives back every event that is put into one, whatever is in it', () => {
    const events = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.json()), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(events, fc.boolean(), (sent, withLength) => {
        const items = sent.map((event) => {
          const payload = JSON.stringify(event);
          const length = withLength ? bytes(payload).length : undefined;
          return `${JSON.stringify({ type: 'event', length })}\n${payload}\n`;
        });
        const told = sent.map((event) => JSON.parse(JSON.stringify(event)));
        expect(readEnvelope(bytes(`{}\n${items.join('')}`)).events).toEqual(told);
      }),
    );
  });
});

it('a single event is read with its id', () => {
  const event = { event_id: ID, message: 'x' };
  expect(readStored(bytes(JSON.stringify(event)))).toEqual({ eventId: ID, events: [event] });
  expect(() => readStored(bytes('7'))).toThrow(SyntaxError);
});
