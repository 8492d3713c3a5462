/** JSON that others wrote: messages, requests, events, rows of an earlier release. */

/**
 * The deepest nesting of objects and lists that is accepted from outside. Code that walks over JSON
 * calls itself once per level, and so do `JSON.stringify` and a reviver: some thousand levels
 * overflow the stack.
 */
export const MAX_JSON_DEPTH = 512;

/** The message for JSON that is nested deeper than `MAX_JSON_DEPTH`. */
export const tooDeep = `Nested deeper than ${MAX_JSON_DEPTH} levels`;

/** An object of JSON whose fields may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = Object.freeze(Object.create(null));

/** Whether a value is an object, and neither null nor a list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object; else an object without fields. */
export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : noFields;
}

/**
 * How deep objects and lists are nested in a text of JSON: 0 for a text without any. One pass
 * without recursion. A text that is not JSON gets some number as well.
 */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '{':
      case '[':
        depth += 1;
        deepest = Math.max(deepest, depth);
        break;
      case '}':
      case ']':
        depth -= 1;
        break;
    }
  }
  return deepest;
}

/** The index of the quotation mark that closes the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at;
}

/**
 * Parses JSON from outside.
 *
 * @throws SyntaxError for a text that is not JSON, or that is nested deeper than `MAX_JSON_DEPTH`
 */
export function parseForeignJson(text: string): unknown {
  if (jsonDepth(text) > MAX_JSON_DEPTH) {
    throw new SyntaxError(tooDeep);
  }
  return JSON.parse(text);
}

/** Parses JSON; null for a text that is not JSON, whose content no error then quotes. */
export function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
