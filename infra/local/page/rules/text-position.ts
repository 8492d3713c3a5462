/**
 * Where a line and a column, which count from 1 and the column in code points, are in a text. What
 * lies behind its end is its end.
 */
export function offsetOf(text: string, line: number, column: number): number {
  const lineEnd = /\r\n|\r|\n/g;
  let start = 0;
  for (let count = 1; count < line; count++) {
    const end = lineEnd.exec(text);
    if (end === null) {
      return text.length;
    }
    start = end.index + end[0].length;
  }
  const [rest = ''] = text.slice(start).split(/\r\n|\r|\n/, 1);
  return start + [...rest].slice(0, column - 1).join('').length;
}
