import { columnsOf, linesOf, skipSpaces, skipWord, type Word, wordsOf } from './diagnostic.ts';
import type { MatcherType, Rule, RuleOwner } from './rule.ts';

/**
 * Where a text stops being rules: line and column of the first line that is none, both counted from
 * 1.
 */
export type ParseError = { readonly line: number; readonly column: number };

export type ParseResult =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly error: ParseError };

/**
 * A rule and its position: its line, and for each of its owners the column of the word that
 * names them.
 */
export type ReadRule = {
  readonly line: number;
  readonly rule: Rule;
  readonly ownerColumns: readonly number[];
};

/** A line that is no rule, where it begins, and what it lacks. */
type UnreadableLine = ParseError & { readonly lacks: 'pattern' | 'owner' };

export type ReadRules = {
  readonly rules: readonly ReadRule[];
  readonly unreadable: readonly UnreadableLine[];
};

const plainTypes: readonly MatcherType[] = ['url', 'path', 'module', 'codeowners'];

/**
 * Reads an ownership text: one rule a line, `[type:]pattern owner owner ...`, with `path` as the
 * type when none is named. A line that begins with `#` is a comment, and so is the rest of a line
 * after a `#` that stands alone behind the owners. A pattern with spaces is written in double
 * quotes, where a backslash escapes `"`, `\`, `n`, `r` and `t` and stands for itself before
 * anything else. Only `codeowners:` lines may be without owners. Lines that are no rules are told
 * apart, and stand in no other line's way.
 *
 * Each character is looked at a constant number of times, whatever the text.
 */
export function readRules(text: string): ReadRules {
  const rules: ReadRule[] = [];
  const unreadable: UnreadableLine[] = [];
  for (const [index, content] of linesOf(text).entries()) {
    const line = index + 1;
    const start = skipSpaces(content, 0);
    if (start === content.length || content[start] === '#') {
      continue;
    }
    const read = readRule(content, start);
    if ('lacks' in read) {
      unreadable.push({ line, column: columnsOf(content)(start), ...read });
    } else {
      rules.push({ line, ...read });
    }
  }
  return { rules, unreadable };
}

/**
 * The rules of an ownership text that somebody wants to save, of which every line has to be one.
 */
export function parseRules(text: string): ParseResult {
  const { rules, unreadable } = readRules(text);
  const [first] = unreadable;
  if (first === undefined) {
    return { ok: true, rules: rules.map(({ rule }) => rule) };
  }
  return { ok: false, error: { line: first.line, column: first.column } };
}

/**
 * The sentence that a caller reads. The name is that of the grammar's rule which could not go on.
 */
export function parseErrorMessage({ line, column }: ParseError): string {
  return `Parse error: ownership (line ${line}, column ${column})`;
}

function readRule(
  line: string,
  start: number,
): Omit<ReadRule, 'line'> | Pick<UnreadableLine, 'lacks'> {
  const { type, end } = matcherType(line, start);
  const pattern = quotedPattern(line, end) ?? plainPattern(line, end);
  if (!pattern) {
    return { lacks: 'pattern' };
  }
  const words = ownerWords(line, pattern.end);
  if (words.length === 0 && type !== 'codeowners') {
    return { lacks: 'owner' };
  }
  return {
    rule: { matcher: { type, pattern: pattern.text }, owners: words.map(ownerOf) },
    ownerColumns: words.map(({ column }) => column),
  };
}

/** Anything before a colon that is no known type belongs to the pattern: `foo:bar` is a path. */
function matcherType(line: string, start: number): { type: MatcherType; end: number } {
  for (const type of plainTypes) {
    if (line.startsWith(`${type}:`, start)) {
      return { type, end: start + type.length + 1 };
    }
  }
  if (line.startsWith('tags.', start)) {
    const name = start + 'tags.'.length;
    const colon = line.indexOf(':', name);
    if (colon > name) {
      return { type: `tags.${line.slice(name, colon)}`, end: colon + 1 };
    }
  }
  return { type: 'path', end: start };
}

function plainPattern(line: string, start: number): { text: string; end: number } | null {
  const end = skipWord(line, start);
  return end > start ? { text: line.slice(start, end), end } : null;
}

/** A quote that is never closed is an ordinary character of a plain pattern. */
function quotedPattern(line: string, start: number): { text: string; end: number } | null {
  if (line[start] !== '"') {
    return null;
  }
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') {
      return { text, end: at + 1 };
    }
    if (character === '\\' && at + 1 < line.length) {
      text += unescaped(line[at + 1] ?? '');
      at += 1;
    } else {
      text += character;
    }
  }
  return null;
}

function unescaped(character: string): string {
  if (character === 'n') {
    return '\n';
  }
  if (character === 'r') {
    return '\r';
  }
  if (character === 't') {
    return '\t';
  }
  return character === '"' || character === '\\' ? character : `\\${character}`;
}

/** The words behind the pattern, up to a `#` that stands alone. */
function ownerWords(line: string, start: number): Word[] {
  const words = wordsOf(line, start);
  const comment = words.findIndex(({ text }) => text === '#');
  return comment < 0 ? words : words.slice(0, comment);
}

function ownerOf({ text }: Word): RuleOwner {
  return text.startsWith('#')
    ? { type: 'team', identifier: text.slice(1) }
    : { type: 'user', identifier: text.toLowerCase() };
}
