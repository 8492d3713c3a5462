import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BENCH_NAMES } from './bench/page/bench-names.ts';
import { performancePage, sectionsOf } from './bench/page/performance-page.ts';
import { atLeast, atMost, createReport } from './bench/page/report.ts';
import { repository } from './support/product-source.ts';

const page = readFileSync(join(repository, 'docs/performance.md'), 'utf8');

describe('docs/performance.md', () => {
  it('is what its own figures make of it: run `npm run bench -- --write NAME`', () => {
    expect(performancePage(sectionsOf(page))).toBe(page);
  });

  it('has a section for each bench, in the order in which they are run', () => {
    expect(Object.keys(sectionsOf(page))).toEqual(BENCH_NAMES);
  });

  it('keeps what was not measured anew', () => {
    const before = performancePage({ updates: 'one\n\ntwo', lists: '```text\nthree\n```' });
    const after = performancePage({ ...sectionsOf(before), updates: 'four' });
    expect(sectionsOf(after)).toMatchObject({ updates: 'four', lists: '```text\nthree\n```' });
  });
});

describe('a report', () => {
  const reportOf = () => {
    const printed: string[] = [];
    return { printed, report: createReport((line) => printed.push(line)) };
  };

  it('prints all, and keeps what does not depend on the machine', () => {
    const { printed, report } = reportOf();
    report.time('12 ms');
    report.table({
      columns: ['work', 'units', { name: 'ms', isTime: true }, 'calls'],
      rows: [
        ['one', 1_500, 7, 0.125],
        ['another', 2, 80, 1],
      ],
    });
    expect(printed).toEqual([
      '12 ms',
      ['work     units  ms  calls', 'one      1,500   7   0.13', 'another      2  80      1'].join(
        '\n',
      ),
    ]);
    expect(report.markdown()).toBe(
      [
        '| work | units | calls |',
        '|---|---:|---:|',
        '| one | 1,500 | 0.13 |',
        '| another | 2 | 1 |',
      ].join('\n'),
    );
  });

  it('keeps lines as they were printed, between tables', () => {
    const { report } = reportOf();
    report.line('a  1');
    report.line('b  2');
    report.table({ columns: ['c'], rows: [] });
    report.line('d  3');
    expect(report.markdown()).toBe(
      '```text\na  1\nb  2\n```\n\n| c |\n|---|\n\n```text\nd  3\n```',
    );
  });

  it.each([
    [atMost(9, 9), '9 (at most 9)'],
    [atMost(9.5, 9), '9.5 (at most 9, missed)'],
    [atLeast(0.6, 0.6), '0.6 (at least 0.6)'],
    [atLeast(0.59, 0.6), '0.59 (at least 0.6, missed)'],
  ])('says beside a figure what it is to be: %s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
