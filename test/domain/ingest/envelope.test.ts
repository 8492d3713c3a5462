import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { readEnvelope, readStored } from '../../../shared/domain/ingest/envelope.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const HEADER = JSON.stringify({ event_id: ID });

describe('an envelope', () => {
  it.each<[string, string, unknown]>([
    ['of a header alone', HEADER, null],
    ['that ends with its header', `${HEADER}\n`, null],
    ['with an event up to the end of its line', `${HEADER}\n{"type":"event"}\n{"a":1}\n`, { a: 1 }],
    ['with an event of a length', `${HEADER}\n{"type":"event","length":7}\n{"a":1}`, { a: 1 }],
    [
      'with an event over several lines',
      `${HEADER}\n{"type":"event","length":9}\n{\n"a":1\n}\n`,
      { a: 1 },
    ],
    [
      'with other items around it, which are left out',
      `${HEADER}\n{"type":"session"}\nno JSON\n{"type":"event"}\n{"a":1}\n{"type":"attachment","length":3}\n\n{}\n`,
      { a: 1 },
    ],
    ['with empty lines at its end', `${HEADER}\n{"type":"event"}\n{"a":1}\n\n\n`, { a: 1 }],
  ])('%s is read', (_, text, event) => {
    expect(readEnvelope(bytes(text)).event).toEqual(event);
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

  it('with two events is refused with what is wrong', () => {
    const two = '{}\n{"type":"event"}\n{"a":1}\n{"type":"event"}\n{"a":2}';
    expect(() => readEnvelope(bytes(two))).toThrow('An envelope holds one event at most.');
  });

  it('gives back the event that is put into one, whatever is in it and around it', () => {
    const field = fc.dictionary(fc.string({ unit: 'binary' }), fc.json());
    const others = fc.array(fc.uint8Array(), { maxLength: 3 });
    fc.assert(
      fc.property(field, others, fc.boolean(), (sent, attached, withLength) => {
        const payload = bytes(JSON.stringify(sent));
        const length = withLength ? payload.length : undefined;
        const attachments = attached.flatMap((data) => [
          bytes(`{"type":"attachment","length":${data.length}}\n`),
          data,
          bytes('\n'),
        ]);
        const envelope = Buffer.concat([
          bytes('{}\n'),
          ...attachments,
          bytes(`${JSON.stringify({ type: 'event', length })}\n`),
          payload,
        ]);
        expect(readEnvelope(envelope).event).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  it('is one or none, whatever bytes are sent', () => {
    const line = fc.oneof(
      fc.constantFrom('{}', '{"type":"event"}', '{"type":"event","length":3}', '[]', '', 'x'),
      fc.json(),
    );
    const text = fc.array(line, { maxLength: 8 }).map((lines) => bytes(lines.join('\n')));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array()), (sent) => {
        try {
          readEnvelope(sent);
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof DomainError).toBe(true);
        }
      }),
    );
  });
});

it('a single event is read with its id', () => {
  const event = { event_id: ID, message: 'x' };
  expect(readStored(bytes(JSON.stringify(event)))).toEqual({ eventId: ID, event });
  expect(() => readStored(bytes('7'))).toThrow(SyntaxError);
});
