import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../shared/domain/ingest/fingerprint.ts';
import { maskedMessage, steadyPath } from '../../../shared/domain/ingest/mask.ts';

type Frame = Readonly<Record<string, unknown>>;
const thrown = (type: string, frames: readonly Frame[], value = 'x') => ({
  exception: { values: [{ type, value, stacktrace: { frames } }] },
});
const own: Frame = { module: 'cart', function: 'pay', lineno: 7, in_app: true };
const foreign: Frame = { module: 'express', function: 'next', lineno: 9, in_app: false };

describe('the fingerprint of an event', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['is the SDK’s own', { fingerprint: ['pay', 7], message: 'x' }, ['pay', '7']],
    [
      'is the SDK’s own beside the default',
      { fingerprint: ['{{ default }}', 'eu'], message: 'x' },
      ['message', 'x', 'eu'],
    ],
    [
      'is the default where the SDK’s is empty',
      { fingerprint: [], message: 'x' },
      ['message', 'x'],
    ],
    [
      'is the type and the frames of the application',
      thrown('TypeError', [foreign, own, foreign]),
      ['exception', 'TypeError', 'cart pay'],
    ],
    [
      'is all frames where none is of the application',
      thrown('TypeError', [foreign]),
      ['exception', 'TypeError', 'express next'],
    ],
    [
      'has a call once that calls itself',
      thrown('RangeError', [own, own, own]),
      ['exception', 'RangeError', 'cart pay'],
    ],
    [
      'is the path where there is no module',
      thrown('Error', [{ filename: 'https://a.example/js/main.4f2a9c1b.js?v=3', function: '?' }]),
      ['exception', 'Error', '/js/main.js'],
    ],
    [
      'is type and value without frames',
      thrown('Error', [], 'no 7'),
      ['exception', 'Error', 'no *'],
    ],
    [
      'is the message as it was written',
      { logentry: { message: 'no %s', params: ['7'] } },
      ['message', 'no %s'],
    ],
    [
      'is the message without numbers',
      { message: 'order 4711 of bob' },
      ['message', 'order * of bob'],
    ],
    ['is something for nothing', {}, ['message', '<empty>']],
    [
      'is the stack of what has nothing else',
      { stacktrace: { frames: [own] } },
      ['stacktrace', 'cart pay'],
    ],
  ])('%s', (_, event, fingerprint) => {
    expect(fingerprintOf(event)).toEqual(fingerprint);
  });

  it('does not change with lines, columns, values and the hashes of bundles', () => {
    const hash = fc.stringMatching(/^[0-9a-f]{8,40}$/).filter((text) => /\d/.test(text));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), hash, hash, fc.string(), (line, other, one, two, value) => {
        const built = (built: string, lineno: number, said: string) =>
          thrown(
            'Error',
            [
              {
                filename: `app:///assets/main-${built}.js`,
                function: 'pay',
                lineno,
                colno: line,
                in_app: true,
              },
            ],
            said,
          );
        expect(fingerprintOf(built(one, line, value))).toEqual(
          fingerprintOf(built(two, other, '')),
        );
      }),
    );
  });

  it('changes with the type and with each call', () => {
    const name = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(name, name, name, (type, first, second) => {
        const of = (kind: string, call: string) =>
          JSON.stringify(fingerprintOf(thrown(kind, [{ ...own, function: call }])));
        expect(of(type, first) === of(type, second)).toBe(first === second);
        expect(of(first, type) === of(second, type)).toBe(first === second);
      }),
    );
  });

  it('is there, of words that are not empty, whatever was sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('exception', 'stacktrace', 'message', 'fingerprint', 'logentry'),
          fc.jsonValue(),
        ),
        (event) => {
          const words = fingerprintOf(event);
          expect(words.length).toBeGreaterThan(0);
          expect(words.every((word) => word.trim() !== '')).toBe(true);
        },
      ),
    );
  });
});

describe('a message without numbers and ids', () => {
  it.each([
    ['Order 4711 is late', 'Order * is late'],
    ['took 1.5 s, 20:15:00', 'took * s, *'],
    ['user 0b6d1c52-77f3-4d0e-9c0a-0f8f6a1d3b7e is gone', 'user * is gone'],
    ['at 0x7fff5fbff8c0', 'at *'],
    ['from 10.0.0.7:8080', 'from *'],
    ['nothing to mask', 'nothing to mask'],
    ['over\n  lines', 'over lines'],
  ])('%s', (message, masked) => {
    expect(maskedMessage(message)).toBe(masked);
  });

  it('is the same for any number and any UUID', () => {
    const id = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.uuid(),
    );
    fc.assert(
      fc.property(id, id, (one, two) => {
        expect(maskedMessage(`order ${one} of ${two}`)).toBe('order * of *');
      }),
    );
  });
});

describe('a path that stays', () => {
  it.each([
    ['https://shop.example/static/js/main.4f2a9c1b.chunk.js', '/static/js/main.chunk.js'],
    ['app:///assets/index-BZ3kQ9xa.js', '/assets/index.js'],
    ['/assets/index-B-3kQ9xa.js', '/assets/index.js'],
    ['/assets/index-settings.js', '/assets/index-settings.js'],
    ['/srv/releases/20261129181500/app/cart.js', '/srv/releases/*/app/cart.js'],
    ['C:\\app\\cart.cs', '/app/cart.cs'],
    ['src/v2/cart.ts', 'src/v2/cart.ts'],
    ['webpack:///./src/cart.ts?4f2a', '/./src/cart.ts'],
  ])('%s', (path, steady) => {
    expect(steadyPath(path)).toBe(steady);
  });
});
