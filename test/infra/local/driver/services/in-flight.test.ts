import { describe, expect, it } from 'vitest';
import {
  causesNamed,
  causesOf,
  createInFlight,
  type Roots,
  rootsFrom,
} from '../../../../../infra/local/driver/services/in-flight.ts';

it.each<[string, string[], string, string[]]>([
  ['the only cause, whatever the text says', ['a'], 'b', ['a']],
  ['the one that is named', ['req-a', 'req-b'], '{"requestId":"req-b"}', ['req-b']],
  ['all of those that are named', ['req-a', 'req-b', 'req-c'], 'req-c req-a', ['req-a', 'req-c']],
  ['all, where none is named', ['req-a', 'req-b'], '{}', ['req-a', 'req-b']],
])('follows from %s', (_, causes, text, named) => {
  expect(causesNamed(causes, () => text)).toEqual(named);
});

describe('narrowed roots', () => {
  /** Roots of two causes, and whether all that follows from them has ended. */
  function twoCauses() {
    let finished = false;
    const onFinished = () => {
      finished = true;
    };
    const roots: Roots = new Set([{ open: 0, onFinished, causes: ['a', 'b'] }]);
    return { roots, isFinished: () => finished };
  }

  it('follow from some of the causes', () => {
    const { roots } = createInFlight().narrow(rootsFrom(['a', 'b']), ['b']);
    expect(causesOf(roots)).toEqual(['b']);
  });

  it('keep what they were made of open until they are released and all work has ended', () => {
    const inFlight = createInFlight();
    const { roots, isFinished } = twoCauses();
    const narrowed = inFlight.narrow(roots, ['b']);
    const [one, other] = ['one', 'other'].map((name) => inFlight.begin(name, narrowed.roots));
    one?.end();
    narrowed.release();
    expect(isFinished()).toBe(false);
    other?.end();
    expect(isFinished()).toBe(true);
    expect(inFlight.isEmpty()).toBe(true);
  });

  it('end with their release where nothing followed', () => {
    const { roots, isFinished } = twoCauses();
    createInFlight().narrow(roots, ['b']).release();
    expect(isFinished()).toBe(true);
  });
});
