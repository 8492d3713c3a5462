import { compareSemanticVersions } from './semantic-version.ts';

/**
 * A release that events named, and when the first of the project's events that named it happened
 * (ISO 8601 in UTC).
 */
export type SeenRelease = { readonly version: string; readonly firstSeen: string };

/**
 * A release that somebody named; `firstSeen` is null where no event of the project has named it
 * yet.
 */
export type NamedRelease = { readonly version: string; readonly firstSeen: string | null };

/** Longer ones are no releases: the API refuses them too. In code points. */
export const LONGEST_RELEASE = 250;

/**
 * Which of two releases of a project is the newer one: below 0 where `b` is, above 0 where `a` is.
 * They compare as semantic versions where both are, by what follows the last `@`; else by when they
 * were first seen. One that was never seen is newer than all that were.
 */
export function compareReleases(a: NamedRelease, b: NamedRelease): number {
  if (a.version === b.version) {
    return 0;
  }
  const byVersion = compareSemanticVersions(numberOf(a.version), numberOf(b.version));
  if (byVersion !== undefined) {
    return byVersion;
  }
  if (a.firstSeen !== b.firstSeen) {
    if (a.firstSeen === null) {
      return 1;
    }
    if (b.firstSeen === null) {
      return -1;
    }
    return a.firstSeen < b.firstSeen ? -1 : 1;
  }
  return a.version < b.version ? -1 : 1;
}

/** The newer of two releases, the first where neither is; null where there is none. */
export function newerRelease(a: SeenRelease | null, b: SeenRelease | null): SeenRelease | null {
  if (a === null || b === null) {
    return a ?? b;
  }
  return compareReleases(b, a) > 0 ? b : a;
}

/** `1.2.0+7` of `shop@1.2.0+7`. */
function numberOf(version: string): string {
  return version.slice(version.lastIndexOf('@') + 1);
}
