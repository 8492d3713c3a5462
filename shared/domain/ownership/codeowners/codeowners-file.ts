import { isSpace, linesOf, skipSpaces, type Word, wordsOf } from '../diagnostic.ts';

/** Why a pattern of a CODEOWNERS file cannot be understood. */
type PatternProblem = {
  readonly kind: 'negation' | 'unsupported_pattern';
  readonly message: string;
};

/** A line that names files, and usually their owners. */
export type CodeownersEntry = {
  readonly kind: 'entry';
  readonly line: number;
  readonly path: Word;
  readonly names: readonly Word[];
  /** The section heading above. Its owners apply to a line without owners of its own. */
  readonly heading: { readonly line: number; readonly names: readonly Word[] } | null;
};

/**
 * A line of a CODEOWNERS file that names files, or that heads the lines below it. Blank lines and
 * comments are left out.
 */
export type CodeownersLine =
  | {
      readonly kind: 'heading';
      readonly line: number;
      readonly title: string;
      readonly names: readonly Word[];
    }
  | CodeownersEntry
  | {
      readonly kind: 'unsupported';
      readonly line: number;
      readonly path: Word;
      readonly problem: PatternProblem;
    };

/**
 * Reads a CODEOWNERS file as GitHub and GitLab write it. A `#` at the start of a word begins a
 * comment to the end of the line; a backslash before white space keeps a path together. Negations,
 * ranges, and paths with white space or a `#` in them are told apart, since CODEOWNERS does not
 * allow them.
 */
export function readCodeowners(raw: string): CodeownersLine[] {
  const lines: CodeownersLine[] = [];
  let above: { readonly line: number; readonly names: readonly Word[] } | null = null;
  for (const [index, content] of linesOf(raw).entries()) {
    const line = index + 1;
    const heading = headingOf(content);
    if (heading !== null) {
      const names = beforeComment(wordsOf(content, heading.end));
      above = { line, names };
      lines.push({ kind: 'heading', line, title: heading.title, names });
      continue;
    }
    const [path, ...names] = beforeComment(pathAndNames(content));
    if (path === undefined) {
      continue;
    }
    const problem = problemOf(path.text);
    if (problem !== null) {
      lines.push({ kind: 'unsupported', line, path, problem });
    } else {
      lines.push({ kind: 'entry', line, path, names, heading: above });
    }
  }
  return lines;
}

/**
 * `[Title]`, `^[Title]` or `[Title][2]`, and then the end of the line, or a space and the owners.
 * Its parts are sought one after the other, so that a long line without a closing bracket is walked
 * once.
 */
function headingOf(content: string): { readonly title: string; readonly end: number } | null {
  const start = skipSpaces(content, 0);
  const open = content[start] === '^' ? start + 1 : start;
  const close = content[open] === '[' ? content.indexOf(']', open) : -1;
  const title = content.slice(open + 1, close).trim();
  if (close < 0 || title === '') {
    return null;
  }
  const approvals = /^\[\d{1,9}\]/.exec(content.slice(close + 1, close + 12))?.[0] ?? '';
  const end = close + 1 + approvals.length;
  return end === content.length || isSpace(content[end]) ? { title, end } : null;
}

function beforeComment(words: readonly Word[]): readonly Word[] {
  const comment = words.findIndex(({ text }) => text.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

/**
 * The words of a line, of which the first is a path: white space behind a backslash belongs to it.
 */
function pathAndNames(content: string): Word[] {
  const words = wordsOf(content);
  const end = words.findIndex(({ text }) => !text.endsWith('\\'));
  const pathWords = words.slice(0, end < 0 ? words.length : end + 1);
  const [first] = pathWords;
  if (first === undefined || pathWords.length === 1) {
    return words;
  }
  const path = { text: pathWords.map(({ text }) => text).join(' '), column: first.column };
  return [path, ...words.slice(pathWords.length)];
}

function problemOf(path: string): PatternProblem | null {
  if (path.startsWith('!')) {
    return {
      kind: 'negation',
      message: `CODEOWNERS has no negations: ${path} is left out. A line without owners un-owns its files.`,
    };
  }
  const why = reasonAgainst(path);
  return why === null
    ? null
    : { kind: 'unsupported_pattern', message: `${path} is left out: ${why}.` };
}

function reasonAgainst(path: string): string | null {
  if (/\s/.test(path)) {
    return 'a path with white space in it is not supported';
  }
  if (path.includes('#')) {
    return 'a path with a # in it is not supported';
  }
  if (path.includes('!')) {
    return 'a path with a ! in it is not supported';
  }
  // Sought by its brackets: an expression for a range would walk a long row of them again and
  // again.
  const bracket = path.indexOf('[');
  if (bracket >= 0 && path.indexOf(']', bracket) >= 0) {
    return 'CODEOWNERS has no ranges such as [a-z]';
  }
  if (path.startsWith('[') || path.startsWith('^[')) {
    return 'a heading needs its closing bracket';
  }
  return null;
}
