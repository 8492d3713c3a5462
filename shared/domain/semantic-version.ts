import { isDigits } from './digits.ts';

/**
 * A version of SemVer 2.0.0 without its build metadata. Numbers stay text: they may be of any
 * length.
 */
type SemanticVersion = {
  readonly numbers: readonly string[];
  /** Empty for a version that is no pre-release. */
  readonly preRelease: readonly string[];
};

const NUMBER = '(0|[1-9][0-9]*)';
const PRE_RELEASE = '(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)';
const METADATA = '[0-9A-Za-z-]+';
const grammar = new RegExp(
  `^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PRE_RELEASE}(?:\\.${PRE_RELEASE})*))?(?:\\+${METADATA}(?:\\.${METADATA})*)?$`,
);

/**
 * Which of two texts is the later semantic version: below 0 where `b` is, above 0 where `a` is, 0
 * where they differ in nothing but build metadata. A `v` before the numbers is allowed. Undefined
 * unless both are semantic versions.
 */
export function compareSemanticVersions(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) {
    return undefined;
  }
  return compareLists(left.numbers, right.numbers) || comparePreReleases(left, right);
}

function parse(text: string): SemanticVersion | undefined {
  const match = grammar.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, major = '', minor = '', patch = '', before = ''] = match;
  return { numbers: [major, minor, patch], preRelease: before === '' ? [] : before.split('.') };
}

/** A pre-release comes before its release; of two that begin alike, the shorter one comes first. */
function comparePreReleases(a: SemanticVersion, b: SemanticVersion): number {
  if (a.preRelease.length === 0 || b.preRelease.length === 0) {
    return b.preRelease.length - a.preRelease.length;
  }
  return compareLists(a.preRelease, b.preRelease) || a.preRelease.length - b.preRelease.length;
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) {
      return 0;
    }
    const order = compareIdentifiers(left, right);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** Numbers compare as numbers and come before words, which compare by their characters. */
function compareIdentifiers(a: string, b: string): number {
  if (isDigits(a) !== isDigits(b)) {
    return isDigits(a) ? -1 : 1;
  }
  if (isDigits(a) && a.length !== b.length) {
    return a.length - b.length;
  }
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
