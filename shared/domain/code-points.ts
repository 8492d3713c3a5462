/**
 * Whether a text has more than so many characters, counted as Unicode code points: an emoji is one
 * of them, whatever the number of UTF-16 units that hold it.
 */
export function isLongerThan(text: string, characters: number): boolean {
  // A text never has more code points than units, and most texts are far from their limit.
  return text.length > characters && countCodePoints(text) > characters;
}

/** The first so many code points of a text: no character is cut in half. */
export function firstCodePoints(text: string, characters: number): string {
  if (text.length <= characters) {
    return text;
  }
  let end = 0;
  for (let count = 0; count < characters && end < text.length; count += 1) {
    end += widthAt(text, end);
  }
  return text.slice(0, end);
}

/** How many code points a text has. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += widthAt(text, at)) {
    count += 1;
  }
  return count;
}

/** A code point is one UTF-16 unit, or a pair of surrogates. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
