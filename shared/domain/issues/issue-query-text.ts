import { invalidRequest } from '../errors.ts';

/** One part of a search: `key:value`, `!key:[a, b]`, or free text without a key. */
export type SearchTerm = {
  /** In lower case; null for free text. */
  readonly key: string | null;
  /** As it was typed; empty for free text. */
  readonly typedKey: string;
  readonly isNegated: boolean;
  readonly values: readonly string[];
};

/** `key:` before anything but a space; what follows is read by itself. */
const keyPattern = /(!?)([a-z_][a-z0-9_.-]*):(?!\s|$)/iy;
const wordPattern = /\S+/y;
const quotedPattern = /"((?:[^"\\]|\\.)*)"/y;
const spacePattern = /\s+/y;
const listItemPattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"[\]]+))\s*([,\]])/y;

/**
 * Splits a search into its terms. Words that follow each other are one piece of free text. Throws
 * `request.invalid` for an open quote or list, one of the `keys` without a value, and for grouping,
 * which searches for issues do not have.
 */
export function termsOf(query: string, keys: ReadonlySet<string>): SearchTerm[] {
  const terms: SearchTerm[] = [];
  let text: string[] = [];
  const endText = () => {
    if (text.length > 0) {
      terms.push({ key: null, typedKey: '', isNegated: false, values: [text.join(' ')] });
    }
    text = [];
  };
  let at = 0;
  while (at < query.length) {
    const space = matchAt(spacePattern, query, at);
    if (space) {
      at += space[0].length;
      continue;
    }
    const key = matchAt(keyPattern, query, at);
    const { values, end } = valuesAt(query, at + (key?.[0].length ?? 0), key !== null);
    const begin = at;
    at = end;
    if (key === null) {
      if (query[begin] !== '"') {
        requirePlainWord(values.join(), keys);
      }
      text.push(...values);
    } else {
      endText();
      const typedKey = String(key[2]);
      const isNegated = key[1] === '!';
      terms.push({ key: typedKey.toLowerCase(), typedKey, isNegated, values });
    }
  }
  endText();
  return terms;
}

/** The sentence for a search that cannot be understood. */
export function unreadableQuery(reason: string) {
  return invalidRequest(`Error parsing search query: ${reason}`);
}

type Values = { readonly values: string[]; readonly end: number };

function valuesAt(query: string, at: number, isKeyed: boolean): Values {
  if (query[at] === '"') {
    return quotedAt(query, at);
  }
  if (isKeyed && query[at] === '[') {
    return listAt(query, at);
  }
  const word = matchAt(wordPattern, query, at)?.[0] ?? '';
  return { values: [word], end: at + word.length };
}

function quotedAt(query: string, at: number): Values {
  const quoted = matchAt(quotedPattern, query, at);
  if (quoted === null) {
    throw unreadableQuery('a quotation mark is not closed.');
  }
  return { values: [withoutBackslashes(quoted[1] ?? '')], end: at + quoted[0].length };
}

function listAt(query: string, at: number): Values {
  const values: string[] = [];
  let end = at + 1;
  for (;;) {
    const item = matchAt(listItemPattern, query, end);
    if (item === null) {
      throw unreadableQuery('a list is not closed.');
    }
    values.push(item[1] === undefined ? (item[2] ?? '') : withoutBackslashes(item[1]));
    end += item[0].length;
    if (item[3] === ']') {
      return { values, end };
    }
  }
}

function requirePlainWord(word: string, keys: ReadonlySet<string>): void {
  if (word === 'OR' || word === 'AND' || word.startsWith('(')) {
    throw unreadableQuery(
      'Boolean statements containing "OR" or "AND" are not supported in this search.',
    );
  }
  if (word.endsWith(':') && keys.has(word.replace(/^!|:$/g, '').toLowerCase())) {
    throw unreadableQuery(`Empty string after '${word}'`);
  }
  if (word.includes('"')) {
    throw unreadableQuery('a quotation mark is out of place.');
  }
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
