import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PreparedEvent, prepareEvent } from '../../../shared/domain/ownership/event.ts';

const stack = (...frames: unknown[]) => ({ stacktrace: { frames } });
const file = (filename: string) => ({ filename });

function pathsOf(event: unknown, platform?: string): string[] {
  return prepareEvent(event, platform).paths.map(({ value }) => value);
}

describe('the frames of an event', () => {
  it.each<[string, unknown, string[]]>([
    [
      'are the last exception’s first, each from its last frame on',
      { exception: { values: [stack(file('a'), file('b')), stack(file('c'), file('d'))] } },
      ['d', 'c', 'b', 'a'],
    ],
    [
      'are the event’s own when no exception has any',
      { exception: { values: [{ type: 'Error' }] }, ...stack(file('a'), file('b')) },
      ['b', 'a'],
    ],
    [
      'are those of the thread that crashed',
      {
        threads: {
          values: [
            { current: true, ...stack(file('a')) },
            { crashed: true, ...stack(file('b')) },
          ],
        },
      },
      ['b'],
    ],
    [
      'are those of the current thread when none crashed',
      { threads: { values: [stack(file('a')), { current: true, ...stack(file('b')) }] } },
      ['b'],
    ],
    ['are those of a thread that is alone', { threads: { values: [stack(file('a'))] } }, ['a']],
    [
      'are nobody’s when no thread stands out',
      { threads: { values: [stack(file('a')), stack(file('b'))] } },
      [],
    ],
    [
      'count only where they are objects',
      { exception: { values: [null, 7, stack(null, 'x', file('a'), [], {})] } },
      ['a'],
    ],
    [
      'have names only where these are texts',
      { exception: { values: [stack({ filename: 7, abs_path: null, module: {} }, file(''))] } },
      [],
    ],
  ])('%s', (_, event, paths) => {
    expect(pathsOf(event)).toEqual(paths);
  });

  it('have every name in lower case, with slashes', () => {
    const frame = { filename: 'Src\\Cart.cs', abs_path: 'C:\\Code\\Src\\Cart.cs' };
    expect(pathsOf({ exception: { values: [stack(frame)] } })).toEqual([
      'src/cart.cs',
      'c:/code/src/cart.cs',
    ]);
  });

  it('are numbered from the error outward, and share their texts', () => {
    const { paths } = prepareEvent({
      exception: { values: [stack(file('a'), file('b'), file('a'))] },
    });
    expect(paths.map(({ value, frames }) => [value, frames])).toEqual([
      ['a', [0, 2]],
      ['b', [1]],
    ]);
  });

  it('are for CODEOWNERS as they are written, with slashes too, and not when they are a library’s', () => {
    const { files } = prepareEvent({
      exception: {
        values: [
          stack(
            { filename: 'Lib.py', in_app: false },
            { filename: 'App.py', in_app: true },
            { filename: 'a\\B.py', in_app: null },
          ),
        ],
      },
    });
    expect(files.map(({ value, frames }) => [value.join('/'), frames])).toEqual([
      ['a\\B.py', [0]],
      ['a/B.py', [0]],
      ['App.py', [1]],
    ]);
  });
});

describe('the path that a platform hides', () => {
  it('is one more name of the file, for path rules and for CODEOWNERS', () => {
    const frame = { module: 'io.acme.Cart', abs_path: 'Cart.java', filename: 'Cart.java' };
    const { paths, files } = prepareEvent({ exception: { values: [stack(frame)] } }, 'java');
    expect(paths.map(({ value }) => value)).toEqual(['cart.java', 'io/acme/cart.java']);
    expect(files.map(({ value }) => value.join('/'))).toEqual(['Cart.java', 'io/acme/Cart.java']);
  });

  it('follows the frame’s platform before the event’s, and the event’s own where none is given', () => {
    const frame = { module: 'io.acme.Cart', abs_path: 'Cart.java' };
    const event = (more: object, own: object = {}) => ({
      exception: { values: [stack({ ...frame, ...more })] },
      ...own,
    });
    expect(pathsOf(event({ platform: 'java' }), 'javascript')).toContain('io/acme/cart.java');
    expect(pathsOf(event({}, { platform: 'java' }))).toContain('io/acme/cart.java');
    expect(pathsOf(event({ platform: 'python' }), 'java')).toEqual(['cart.java']);
  });
});

describe('the tags of an event', () => {
  const event = {
    user: { email: 'a@x.io', id: 7, data: { plan: 'gold', email: 'b@x.io' } },
    tags: [
      ['user.email', 'c@x.io'],
      ['sentry:release', '1.2'],
      ['dist', 3],
      ['browser', 'Chrome'],
      ['browser', 'Safari'],
      ['sentry:browser', 'Opera'],
      ['empty', null],
      'broken',
      null,
      [{}, 'x'],
    ],
  };
  it.each([
    ['browser', ['Chrome', 'Safari']],
    ['release', ['1.2']],
    ['sentry:release', ['1.2']],
    ['sentry:dist', ['3']],
    ['user.email', ['a@x.io', 'b@x.io', 'c@x.io']],
    ['user.plan', ['gold']],
    ['user.id', ['7']],
    ['user.data', []],
    ['user.constructor', []],
    ['empty', []],
    ['absent', []],
  ])('%s is %j', (name, values) => {
    expect(prepareEvent(event).tagValues(name)).toEqual(values);
  });
});

describe('the parts of an event', () => {
  const frames = [file('a'), file('b')];
  const exception = { type: 'Error', stacktrace: { frames } };
  it.each<[string, unknown]>([
    ['a list of exceptions', { exception: [exception] }],
    ['a single exception', { exception }],
    ['frames without their wrapper', { exception: [{ stacktrace: frames }] }],
    ['the earlier name of exceptions', { 'sentry.interfaces.Exception': { values: [exception] } }],
    ['the same as a list', { 'sentry.interfaces.Exception': [exception] }],
    ['the earlier name of a stack trace', { 'sentry.interfaces.Stacktrace': { frames } }],
    ['that name in an exception', { exception: [{ 'sentry.interfaces.Stacktrace': { frames } }] }],
    ['a stack trace that is a list', { stacktrace: frames }],
    ['a list of threads', { threads: [{ crashed: true, stacktrace: { frames } }] }],
  ])('are read from %s', (_, event) => {
    const prepared = prepareEvent(event);
    expect(prepared.paths.map(({ value }) => value)).toEqual(['b', 'a']);
    expect(prepared.unreadable).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['an object', { a: 'x', 'sentry:release': 7 }],
    [
      'objects with a key and a value',
      [
        { key: 'a', value: 'x' },
        { key: 'release', value: 7 },
      ],
    ],
    [
      'pairs',
      [
        ['a', 'x'],
        ['release', 7],
      ],
    ],
  ])('are read from tags that are %s', (_, tags) => {
    const prepared = prepareEvent({ tags });
    expect([prepared.tagValues('a'), prepared.tagValues('release')]).toEqual([['x'], ['7']]);
    expect(prepared.unreadable).toEqual([]);
  });

  it('are read from the earlier names of a request and a user', () => {
    const prepared = prepareEvent({
      'sentry.interfaces.Http': { url: 'https://x.io' },
      'sentry.interfaces.User': { id: 7 },
    });
    expect([prepared.url, prepared.tagValues('user.id')]).toEqual(['https://x.io', ['7']]);
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', undefined, []],
    ['null where something could be', { exception: null, tags: null, user: null }, []],
    ['wrappers of nothing', { exception: { values: null }, stacktrace: {}, threads: {} }, []],
    ['a text', 'boom', ['event']],
    ['texts', { exception: 'boom', tags: 'a:b', user: 'bob' }, ['exception', 'user', 'tags']],
    ['a number among exceptions', { exception: [7, null, exception] }, ['exception']],
    ['frames that are a text', { exception: [{ stacktrace: { frames: 'x' } }] }, ['exception']],
    ['a frame that is none', { stacktrace: { frames: ['x'] } }, ['stacktrace']],
    ['tags without names', { tags: ['a', [7, 'x'], { name: 'a' }] }, ['tags']],
    ['an address that is none', { request: { url: 7 } }, ['request']],
    ['threads that are a text', { threads: { values: 'x' } }, ['threads']],
  ])('that cannot be read are told: %s', (_, event, unreadable) => {
    expect([...prepareEvent(event).unreadable].sort()).toEqual([...unreadable].sort());
  });
});

describe('an event that is malformed', () => {
  it('is read as if what is wrong were not there, whatever it is', () => {
    const names = [
      'exception',
      'values',
      'stacktrace',
      'frames',
      'threads',
      'tags',
      'user',
      'request',
    ];
    const anything = fc.oneof(
      fc.anything(),
      fc.object({ key: fc.constantFrom(...names), maxDepth: 5, withNullPrototype: true }),
    );
    fc.assert(
      fc.property(anything, fc.option(fc.string()), (event, platform) => {
        const prepared: PreparedEvent = prepareEvent(event, platform);
        expect(prepared.paths.length).toBeGreaterThanOrEqual(0);
        expect(prepared.tagValues('user.a').every((value) => typeof value === 'string')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
