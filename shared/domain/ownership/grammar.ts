import type { MatcherType, Rule, RuleOwner } from './rule.ts';

/** Where a text stops being rules: line and column of the first line that is none, both counted from 1. */
export type ParseError = { readonly line: number; readonly column: number };

export type ParseResult =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly error: ParseError };

const plainTypes: readonly MatcherType[] = ['url', 'path', 'module', 'codeowners'];
const space = /\s/;

/**
 * Parses an ownership text: one rule a line, `[type:]pattern owner owner ...`, with `path` as the type when none is
 * named. A line that begins with `#` is a comment, and so is the rest of a line after a `#` that stands alone behind
 * the owners. A pattern with spaces is written in double quotes, where a backslash escapes `"`, `\`, `n`, `r` and `t`
 * and stands for itself before anything else. Only `codeowners:` lines may be without owners.
 *
 * Each character is looked at a constant number of times, whatever the text.
 */
export function parseRules(text: string): ParseResult {
  const rules: Rule[] = [];
  let line = 0;
  for (const content of text.split(/\r\n|\r|\n/)) {
    line += 1;
    const start = skipSpaces(content, 0);
    if (start === content.length || content[start] === '#') continue;
    const rule = parseRule(content, start);
    if (!rule) return { ok: false, error: { line, column: start + 1 } };
    rules.push(rule);
  }
  return { ok: true, rules };
}

/** The sentence that a caller reads. The name is that of the grammar's rule which could not go on. */
export function parseErrorMessage({ line, column }: ParseError): string {
  return `Parse error: ownership (line ${line}, column ${column})`;
}

function parseRule(line: string, start: number): Rule | null {
  const { type, end } = matcherType(line, start);
  const pattern = quotedPattern(line, end) ?? plainPattern(line, end);
  if (!pattern) return null;
  const owners = parseOwners(line, pattern.end);
  if (owners.length === 0 && type !== 'codeowners') return null;
  return { matcher: { type, pattern: pattern.text }, owners };
}

/** Anything before a colon that is no known type belongs to the pattern: `foo:bar` is a path. */
function matcherType(line: string, start: number): { type: MatcherType; end: number } {
  for (const type of plainTypes) {
    if (line.startsWith(`${type}:`, start)) return { type, end: start + type.length + 1 };
  }
  if (line.startsWith('tags.', start)) {
    const name = start + 'tags.'.length;
    const colon = line.indexOf(':', name);
    if (colon > name) return { type: `tags.${line.slice(name, colon)}`, end: colon + 1 };
  }
  return { type: 'path', end: start };
}

function plainPattern(line: string, start: number): { text: string; end: number } | null {
  const end = skipWord(line, start);
  return end > start ? { text: line.slice(start, end), end } : null;
}

/** A quote that is never closed is an ordinary character of a plain pattern. */
function quotedPattern(line: string, start: number): { text: string; end: number } | null {
  if (line[start] !== '"') return null;
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') return { text, end: at + 1 };
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
  if (character === 'n') return '\n';
  if (character === 'r') return '\r';
  if (character === 't') return '\t';
  return character === '"' || character === '\\' ? character : `\\${character}`;
}

function parseOwners(line: string, start: number): RuleOwner[] {
  const owners: RuleOwner[] = [];
  let at = skipSpaces(line, start);
  while (at < line.length) {
    const end = skipWord(line, at);
    const word = line.slice(at, end);
    if (word === '#') return owners;
    owners.push(
      word.startsWith('#')
        ? { type: 'team', identifier: word.slice(1) }
        : { type: 'user', identifier: word.toLowerCase() },
    );
    at = skipSpaces(line, end);
  }
  return owners;
}

function skipSpaces(line: string, start: number): number {
  let at = start;
  while (at < line.length && space.test(line[at] ?? '')) at += 1;
  return at;
}

function skipWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && !space.test(line[at] ?? '')) at += 1;
  return at;
}
