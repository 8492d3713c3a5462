import { describe, expect, it } from 'vitest';
import { frameNames, prepareEvent } from '../../../shared/domain/ownership/event.ts';

const thrown = (...frames: readonly object[]) => ({
  exception: { values: [{ type: 'Error', stacktrace: { frames } }] },
});

describe('the names of frames', () => {
  it.each<[string, unknown, ReturnType<typeof frameNames>]>([
    [
      'count from the error outward',
      thrown({ filename: 'outer.py' }, { filename: 'inner.py', module: 'app.inner' }),
      [
        { filename: 'inner.py', module: 'app.inner' },
        { filename: 'outer.py', module: null },
      ],
    ],
    [
      'are paths where there is no file name',
      thrown({ abs_path: '/srv/app/a.py' }),
      [{ filename: '/srv/app/a.py', module: null }],
    ],
    [
      'are cut',
      thrown({ filename: '𝒂'.repeat(600) }),
      [{ filename: '𝒂'.repeat(500), module: null }],
    ],
    [
      'are null where nothing can be read',
      thrown({ filename: 7 }),
      [{ filename: null, module: null }],
    ],
    ['are none of what is no event', 'no event', []],
  ])('%s', (_, event, expected) => {
    expect(frameNames(event)).toEqual(expected);
  });

  it('stand where rules find the frames', () => {
    const event = thrown({ filename: 'a.py' }, { filename: 'b.py' }, { filename: 'a.py' });
    const names = frameNames(event);
    for (const { value, frames } of prepareEvent(event).paths) {
      expect(frames.map((frame) => names[frame]?.filename)).toEqual(frames.map(() => value));
    }
  });
});
