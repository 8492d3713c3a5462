import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  createProgress,
  isOverwritable,
  isWorthALine,
  type Progress,
  progressText,
} from '../../../infra/terminal/progress.ts';

/** What a progress prints to an output of this kind. */
function printed(use: (progress: Progress) => void, output: { isTTY?: boolean; columns?: number }) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  use(createProgress({ ...output, write }, {}));
  return text;
}

const CLEAR = '\r\u001B[2K';

describe('the text', () => {
  it.each<[number | undefined, number | undefined, string]>([
    [undefined, undefined, 'Writing'],
    [0, undefined, 'Writing: 0'],
    [1_234, undefined, 'Writing: 1,234'],
    [0, 3, 'Writing: 0 of 3 (0 %)'],
    [2, 3, 'Writing: 2 of 3 (66 %)'],
    [999, 1_000, 'Writing: 999 of 1,000 (99 %)'],
    [1_000, 1_000, 'Writing: 1,000 of 1,000 (100 %)'],
    [0, 0, 'Writing: 0 of 0 (100 %)'],
  ])('%s of %s', (done, total, text) => {
    expect(progressText('Writing', done, total)).toBe(text);
  });
});

describe('a line of a log', () => {
  it.each<[number, number, number | undefined, boolean]>([
    [0, 999, undefined, false],
    [0, 1_000, undefined, true],
    [1_000, 1_999, undefined, false],
    [1_999, 2_001, undefined, true],
    [0, 3, 3, false],
    [0, 1_000, 2_000, true],
    [0, 24_999, 100_000, false],
    [24_999, 25_000, 100_000, true],
    [99_999, 100_000, 100_000, true],
  ])('from %d to %d of %s: %s', (before, done, total, worth) => {
    expect(isWorthALine(before, done, total)).toBe(worth);
  });
});

describe('a line is written over', () => {
  it.each<[string, boolean, Record<string, string>, boolean]>([
    ['on a terminal', true, { TERM: 'xterm' }, true],
    ['not in a pipe', false, {}, false],
    ['not without colours', true, { NO_COLOR: '1' }, false],
    ['also where NO_COLOR is empty', true, { NO_COLOR: '' }, true],
    ['not in CI', true, { CI: 'true' }, false],
    ['not on a terminal that cannot', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTTY, env, expected) => {
    expect(isOverwritable({ isTTY, write: () => {} }, env)).toBe(expected);
  });
});

const work = (progress: Progress) => {
  progress.step('Reading');
  progress.step('Writing');
  progress.count(500, 2_000);
  progress.count(500, 2_000);
  progress.note('A warning.');
  progress.count(1_000, 2_000);
  progress.end();
};

it('a terminal has one line that changes, is never too long, and goes before the result', () => {
  const text = printed(work, { isTTY: true, columns: 28 });
  expect(text.split(CLEAR)).toEqual([
    '',
    'Reading',
    'Writing',
    'Writing: 500 of 2,000 (25 %',
    'A warning.\n',
    'Writing: 500 of 2,000 (25 %',
    'Writing: 1,000 of 2,000 (50',
    '',
  ]);
});

it('a log has a line a step, and some of a long one', () => {
  expect(printed(work, {})).toBe(
    'Reading.\nWriting.\nA warning.\nWriting: 1,000 of 2,000 (50 %).\n',
  );
});

it('on a terminal of this machine the line is drawn, and cleared', () => {
  const module = fileURLToPath(new URL('../../../infra/terminal/progress.ts', import.meta.url));
  const program = `
    const { createProgress } = await import(${JSON.stringify(module)});
    const progress = createProgress();
    progress.step('Writing');
    progress.count(1, 2);
    progress.end();
    process.stdout.write('Done.');
  `;
  const command = `${process.execPath} --input-type=module -e "$PROGRAM"`;
  const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, PROGRAM: program, TERM: 'xterm' },
  });
  expect(status).toBe(0);
  expect(stdout).toBe(`${CLEAR}Writing${CLEAR}Writing: 1 of 2 (50 %)${CLEAR}Done.`);
});
