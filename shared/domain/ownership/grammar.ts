import { columnsOf, linesOf, skipSpaces, skipWord, type Word, wordsOf } from './diagnostic.ts';
import type { MatcherType, Rule, RuleOwner } from './rule.ts';

/** The first line that is not a rule. Line and column count from 1. */
export type ParseError = { readonly line: number; readonly column: number };

export type ParseResult =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly error: ParseError };

/** A rule with its line, and the column of each owner's word. */
export type ReadRule = {
  readonly line: number;
  readonly rule: Rule;
  readonly ownerColumns: readonly number[];
};

/** A line that is not a rule: the column where it begins, and what it lacks. */
export type UnreadableLine = ParseError & { readonly lacks: 'pattern' | 'owner' };

export type ReadRules = {
  readonly rules: readonly ReadRule[];
  readonly unreadable: readonly UnreadableLine[];
};

const plainTypes: readonly MatcherType[] = ['url', 'path', 'module', 'codeowners'];

/**
 * Parses an ownership text: one rule for each line, `[type:]pattern owner owner ...`, where the
 * default type is `path`. A line that begins with `#` is a comment, and so is the rest of a line
 * after a separate `#` behind the owners. A pattern with spaces is written in double quotes: a
 * backslash escapes `"`, `\`, `n`, `r` and `t`, and is an ordinary character before others. Only
 * `codeowners:` lines may be without owners. Lines that are not rules are returned in `unreadable`
 * and do not affect other lines.
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

/** Parses an ownership text that is to be saved, in which every line has to be a rule. */
export function parseRules(text: string): ParseResult {
  const { rules, unreadable } = readRules(text);
  const [first] = unreadable;
  if (first === undefined) {
    return { ok: true, rules: rules.map(({ rule }) => rule) };
  }
  return { ok: false, error: { line: first.line, column: first.column } };
}

/** The error message, with the name of Sentry's grammar rule that failed. */
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

/** A text before a colon that is not a known type belongs to the pattern: `foo:bar` is a path. */
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

/** A quotation mark without a closing one is an ordinary character of a plain pattern. */
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

/** The words behind the pattern, up to a separate `#`. */
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
