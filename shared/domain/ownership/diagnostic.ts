/** What is wrong with a word of a text of rules, or with a whole line of it. */
export type DiagnosticKind =
  | 'unknown_team'
  | 'unknown_user'
  | 'no_access'
  | 'unsupported_pattern'
  | 'negation'
  | 'missing_owner'
  | 'quote_pattern';

/** Which text a diagnostic is about. */
export type DiagnosticSource = 'ownership' | `codeowners:${string}`;

/**
 * Something in a text of rules that has no effect, or not the one that its words have. Lines and
 * columns count from 1, columns in code points, and point at the bad word.
 */
export type Diagnostic = {
  readonly source: DiagnosticSource;
  readonly line: number;
  readonly column: number;
  readonly kind: DiagnosticKind;
  readonly message: string;
  readonly suggestion: string | null;
};

/** The message for an owner's address that no member of the organization has. */
export function unknownAddress(address: string): string {
  return `No member of this organization has the address ${address}.`;
}

/** A word of a line, and the column at which it begins. */
export type Word = { readonly text: string; readonly column: number };

const lineEnd = /\r\n|\r|\n/;
const space = /\s/;

/** The lines of a text, whatever its line ends. */
export function linesOf(text: string): string[] {
  return text.split(lineEnd);
}

/** Whether a character is white space; there is none behind the end of a line. */
export function isSpace(character: string | undefined): boolean {
  return character !== undefined && space.test(character);
}

/**
 * Answers the column of a place in a line. Places have to be asked for from left to right, so that
 * a line with very many words is walked once.
 */
export function columnsOf(line: string): (index: number) => number {
  let counted = 0;
  let column = 1;
  return (index) => {
    while (counted < index) {
      counted += (line.codePointAt(counted) ?? 0) > 0xffff ? 2 : 1;
      column += 1;
    }
    return column;
  };
}

/** The words of a line from a place on, with white space between them. */
export function wordsOf(line: string, start = 0): Word[] {
  const words: Word[] = [];
  const columnAt = columnsOf(line);
  let at = skipSpaces(line, start);
  while (at < line.length) {
    const end = skipWord(line, at);
    words.push({ text: line.slice(at, end), column: columnAt(at) });
    at = skipSpaces(line, end);
  }
  return words;
}

/** The first place from `start` on that is no white space. */
export function skipSpaces(line: string, start: number): number {
  let at = start;
  while (isSpace(line[at])) {
    at += 1;
  }
  return at;
}

/** The first place from `start` on that is white space, or the end of the line. */
export function skipWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && !isSpace(line[at])) {
    at += 1;
  }
  return at;
}
