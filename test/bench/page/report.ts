/** What a column shows: an amount or a few words. */
export type Cell = string | number;

type Column = {
  readonly name: string;
  /** Depends on the machine: printed, and left out of docs/performance.md. */
  readonly isTime?: boolean;
};

/** A column is its name where its figures are exact. */
export type ReportTable = {
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly (readonly Cell[])[];
};

/** What a bench tells: all of it to the terminal, what is exact to docs/performance.md. */
export type Report = ReturnType<typeof createReport>;

/** A report that prints while it is written. */
export function createReport(print: (line: string) => void) {
  const parts: string[] = [];
  let lines: string[] = [];

  function endLines(): void {
    if (lines.length > 0) {
      parts.push(['```text', ...lines, '```'].join('\n'));
      lines = [];
    }
  }

  return {
    /** A line that depends on the machine. */
    time: print,
    /** A line of exact figures. */
    line(text: string): void {
      print(text);
      lines.push(text);
    },
    table(table: ReportTable): void {
      endLines();
      print(textOf(table));
      parts.push(markdownOf(table));
    },
    /** All that is exact, as Markdown. */
    markdown(): string {
      endLines();
      return parts.join('\n\n');
    },
  };
}

/** A figure beside what it is to be at most, and whether it is more. */
export function atMost(figure: number, target: number): string {
  return beside(figure, `at most ${format(target)}`, figure <= target);
}

/** A figure beside what it is to be at least, and whether it is less. */
export function atLeast(figure: number, target: number): string {
  return beside(figure, `at least ${format(target)}`, figure >= target);
}

function beside(figure: number, target: string, isMet: boolean): string {
  return `${format(figure)} (${target}${isMet ? '' : ', missed'})`;
}

function format(cell: Cell): string {
  if (typeof cell === 'string') {
    return cell;
  }
  return cell.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function textOf({ columns, rows }: ReportTable): string {
  const heads = columns.map((column) => columnOf(column).name);
  const cells = [heads, ...rows.map((row) => row.map(format))];
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function markdownOf({ columns, rows }: ReportTable): string {
  const kept = columns.flatMap((column, at) => (columnOf(column).isTime ? [] : [at]));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const of = <T>(row: readonly T[]) => row.filter((_, at) => kept.includes(at));
  return [
    line(of(columns).map((column) => columnOf(column).name)),
    `|${kept.map((_, at) => (at === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => line(of(row).map(format))),
  ].join('\n');
}

function columnOf(column: string | Column): Column {
  return typeof column === 'string' ? { name: column } : column;
}
