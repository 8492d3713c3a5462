import { linesOf } from '../diagnostic.ts';

/**
 * A line that only one of two texts has: one that was removed by its number in the text before, one
 * that was added by its number in the text after, both counted from 1.
 */
export type LineChange = {
  readonly kind: 'removed' | 'added';
  readonly line: number;
  readonly text: string;
};

/** With more edits than this, what is left between two equal ends counts as replaced as a whole. */
const MOST_EDITS = 500;

/** Two lists of lines, numbered from `start` on; equal lines have equal numbers. */
type Middle = {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly start: number;
};

/**
 * What has to be removed from a text and added to it to make it another one, line by line: as few
 * lines as possible, unless there are very many (Myers, "An O(ND) Difference Algorithm", 1986).
 * Removed lines come before those that are added in their place.
 */
export function diffLines(before: string, after: string): LineChange[] {
  const [old, next] = [textLines(before), textLines(after)];
  const { removed, added } = editsOf(middleOf(old, next));
  const changes: LineChange[] = [];
  let [from, to] = [0, 0];
  while (from + to < removed.length + added.length) {
    const [oldAt = Number.POSITIVE_INFINITY, newAt] = [removed[from], added[to]];
    // A removed line is put where the lines before it have got to in the text after.
    if (newAt === undefined || oldAt + to - from <= newAt) {
      changes.push({ kind: 'removed', line: oldAt + 1, text: old[oldAt] ?? '' });
      from += 1;
    } else {
      changes.push({ kind: 'added', line: newAt + 1, text: next[newAt] ?? '' });
      to += 1;
    }
  }
  return changes;
}

/** The lines of a text; an empty one has none, and a line end at its end begins no other. */
function textLines(text: string): string[] {
  const lines = linesOf(text);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** What is left between the lines that both texts begin and end with. */
function middleOf(old: readonly string[], next: readonly string[]): Middle {
  const shorter = Math.min(old.length, next.length);
  let start = 0;
  while (start < shorter && old[start] === next[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === next[next.length - 1 - end]) {
    end += 1;
  }
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return {
    before: Int32Array.from(old.slice(start, old.length - end), numberOf),
    after: Int32Array.from(next.slice(start, next.length - end), numberOf),
    start,
  };
}

/** The places of the lines that are removed and added, in their order. */
function editsOf({ before, after, start }: Middle): { removed: number[]; added: number[] } {
  const path = shortestPath(before, after);
  if (path === null) {
    return {
      removed: Array.from(before, (_, at) => start + at),
      added: Array.from(after, (_, at) => start + at),
    };
  }
  const removed: number[] = [];
  const added: number[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = path.length - 1; edits > 0; edits -= 1) {
    const row = path[edits - 1] ?? new Int32Array();
    const diagonal = x - y;
    const isAdded = comesDown(row, edits, diagonal);
    const from = furthest(row, edits - 1, isAdded ? diagonal + 1 : diagonal - 1);
    const [fromX, fromY] = [from, from - (isAdded ? diagonal + 1 : diagonal - 1)];
    if (isAdded) {
      added.push(start + fromY);
    } else {
      removed.push(start + fromX);
    }
    [x, y] = [fromX, fromY];
  }
  return { removed: removed.reverse(), added: added.reverse() };
}

/**
 * For each number of edits, how far into the text before one gets on each diagonal; the last one
 * reaches the end. Null where that takes more edits than are tried.
 */
function shortestPath(before: Int32Array, after: Int32Array): Int32Array[] | null {
  const rows: Int32Array[] = [];
  for (let edits = 0; edits <= MOST_EDITS; edits += 1) {
    const last = rows[edits - 1] ?? new Int32Array();
    const row = new Int32Array(2 * edits + 1);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const from = startOf(last, edits, diagonal);
      const reached = slide(before, after, from, from - diagonal);
      row[diagonal + edits] = reached;
      if (reached >= before.length && reached - diagonal >= after.length) {
        rows.push(row);
        return rows;
      }
    }
    rows.push(row);
  }
  return null;
}

/** Where a diagonal is entered with one edit more: by adding a line, or by removing one. */
function startOf(last: Int32Array, edits: number, diagonal: number): number {
  if (edits === 0) {
    return 0;
  }
  return comesDown(last, edits, diagonal)
    ? furthest(last, edits - 1, diagonal + 1)
    : furthest(last, edits - 1, diagonal - 1) + 1;
}

function comesDown(last: Int32Array, edits: number, diagonal: number): boolean {
  if (diagonal === -edits || diagonal === edits) {
    return diagonal === -edits;
  }
  return furthest(last, edits - 1, diagonal - 1) < furthest(last, edits - 1, diagonal + 1);
}

function furthest(row: Int32Array, edits: number, diagonal: number): number {
  return row[diagonal + edits] ?? 0;
}

/** As far as both go on alike. */
function slide(before: Int32Array, after: Int32Array, x: number, y: number): number {
  let at = x;
  let other = y;
  while (at < before.length && other < after.length && before[at] === after[other]) {
    at += 1;
    other += 1;
  }
  return at;
}
