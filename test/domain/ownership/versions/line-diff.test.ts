import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  diffLines,
  type LineChange,
} from '../../../../shared/domain/ownership/versions/line-diff.ts';

const short = (changes: readonly LineChange[]) =>
  changes.map(({ kind, line, text }) => `${kind === 'added' ? '+' : '-'}${line} ${text}`);

/** The text after, made of the text before and the changes. */
function applied(before: readonly string[], changes: readonly LineChange[]): string[] {
  const removed = new Set(changes.flatMap(({ kind, line }) => (kind === 'removed' ? [line] : [])));
  const lines = before.filter((_, index) => !removed.has(index + 1));
  for (const { kind, line, text } of changes) {
    if (kind === 'added') {
      lines.splice(line - 1, 0, text);
    }
  }
  return lines;
}

/** The fewest lines to remove and add, by the longest common subsequence. */
function fewest(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [at, other] of b.entries()) {
      next.push(line === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    }
    row = next;
  }
  return a.length + b.length - 2 * (row.at(-1) ?? 0);
}

describe('the difference of two texts', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['equal ones', 'a\nb\n', 'a\nb', []],
    ['nothing and something', '', 'a\nb\n', ['+1 a', '+2 b']],
    ['something and nothing', 'a\nb', '', ['-1 a', '-2 b']],
    ['one line', 'a\nb\nc', 'a\nx\nc', ['-2 b', '+2 x']],
    ['a line in between', 'a\nc', 'a\nb\nc', ['+2 b']],
    ['two places', 'a\nb\nc\nd\ne', 'b\nc\nx\ne', ['-1 a', '-4 d', '+3 x']],
    ['line ends alone', 'a\r\nb', 'a\nb', []],
  ])('of %s', (_, before, after, changes) => {
    expect(short(diffLines(before, after))).toEqual(changes);
  });

  it('makes the one of the other, with as few lines as there can be', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd e'), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changes = diffLines(before.join('\n'), after.join('\n'));
        expect(applied(before, changes)).toEqual(after);
        expect(changes).toHaveLength(fewest(before, after));
      }),
      { numRuns: 1000 },
    );
  });

  it('of the longest texts that have nothing in common is all of both', () => {
    const text = (name: string) =>
      Array.from({ length: 20_000 }, (_, index) => `${name}${index}`).join('\n');
    const changes = diffLines(`same\n${text('a')}\nend`, `same\n${text('b')}\nend`);
    expect(changes).toHaveLength(40_000);
    expect(changes[0]).toEqual({ kind: 'removed', line: 2, text: 'a0' });
    expect(changes.at(-1)).toEqual({ kind: 'added', line: 20_001, text: 'b19999' });
  });
});
