/** Whether a value of a search has asterisks, which stand for anything. */
export function hasWildcard(value: string): boolean {
  return value.includes('*');
}

/**
 * Whether a text is a value of a search. Looks for the parts between asterisks one after the other:
 * a regular expression of many asterisks would try all ways to share the text among them.
 */
export function isLike(text: string, value: string): boolean {
  const [first = '', ...others] = value.split('*');
  const last = others.pop();
  if (last === undefined) {
    return text === value;
  }
  if (!text.startsWith(first) || text.length < first.length + last.length) {
    return false;
  }
  const end = text.length - last.length;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) {
      return false;
    }
    at = found + part.length;
  }
  return text.endsWith(last);
}
