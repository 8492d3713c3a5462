import { firstCodePoints } from '../code-points.ts';

/** No more of a message is looked at: looking for digits takes the square of a word's length. */
const LONGEST_MESSAGE = 500;
/** No more of a path is looked at. */
const LONGEST_PATH = 500;

/** A word with a digit in it: a number, an id, a hash, an address. */
const WORD_WITH_DIGIT = /[\p{L}\p{M}\d_-]*\d[\p{L}\p{M}\d_-]*/gu;
/** Masks that only punctuation of numbers, times and addresses keeps apart. */
const MASKS = /\*(?:[.,:/+@-]*\*)+/g;

/** A message without its numbers and ids, which are different in every event. */
export function maskedMessage(message: string): string {
  const looked = firstCodePoints(message, LONGEST_MESSAGE);
  return looked.replace(WORD_WITH_DIGIT, '*').replace(MASKS, '*').replace(/\s+/g, ' ').trim();
}

/** A part of a file's name that a build makes up: `main.4f2a9c1b.js`, `index-BZ3kQ9xa.js`. */
const BUILD_PART = /[.\-_~]([A-Za-z0-9_]{6,64})(?=[.\-_~]|$)/g;
/** A hash whose letters may be separators themselves, before the ending: `index-B-3kQ9xa.js`. */
const LAST_PART = /[.-]([A-Za-z0-9_-]{8})(?=\.[a-z]+$)/;
const HASH_LENGTH = 8;
const ORIGIN = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*|[a-z][a-z0-9+.-]*:(?=\/))/i;
const WORDS = /^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*$|^[A-Z_]+$/;
/** A folder that a release makes up: a number, a date, a commit, a UUID. */
const RELEASE_FOLDER =
  /^(?:v?\d[\d._-]{3,}|[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The path of a file or a module without what is different in every build and on every host: its
 * origin, its query, the hashes of bundles and the folders of releases.
 */
export function steadyPath(path: string): string {
  const [bare = ''] = firstCodePoints(path, LONGEST_PATH)
    .replaceAll('\\', '/')
    .replace(ORIGIN, '')
    .split(/[?#]/);
  return bare
    .split('/')
    .map((part) => (RELEASE_FOLDER.test(part) && /\d/.test(part) ? '*' : steadyName(part)))
    .join('/');
}

function steadyName(name: string): string {
  return name
    .replace(LAST_PART, (part, made: string) => (isMadeUp(made) ? '' : part))
    .replace(BUILD_PART, (part, made: string) => (isMadeUp(made) ? '' : part));
}

/** Whether nobody would write it: digits in a long word, or capitals where no word begins. */
function isMadeUp(text: string): boolean {
  return (
    /\d/.test(text) || (text.length === HASH_LENGTH && /[A-Z]/.test(text) && !WORDS.test(text))
  );
}

/** A function's name without the number that a compiler gave it: `lambda$12`. */
export function steadyFunction(name: string): string {
  return firstCodePoints(name, LONGEST_PATH).replace(/\$\d+/g, '$');
}
