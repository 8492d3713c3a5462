/**
 * The deepest nesting of objects and lists that is taken from strangers. Whoever walks over JSON
 * calls itself once a level, and so do `JSON.stringify` and a reviver: some thousand levels
 * overflow the stack.
 */
export const MAX_JSON_DEPTH = 512;

/**
 * How deep objects and lists lie within one another in a text of JSON. One pass without recursion;
 * what is no JSON has some depth as well.
 */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') {
        at += 1;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === '{' || character === '[') {
      deepest = Math.max(deepest, ++depth);
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return deepest;
}

/**
 * Parses JSON that a stranger wrote. Throws a SyntaxError for what is no JSON, and for what is
 * nested too deep.
 */
export function parseForeignJson(text: string): unknown {
  if (jsonDepth(text) > MAX_JSON_DEPTH) {
    throw new SyntaxError(tooDeep);
  }
  return JSON.parse(text);
}

/** What is said of JSON that is nested too deep. */
export const tooDeep = `Nested deeper than ${MAX_JSON_DEPTH} levels`;
