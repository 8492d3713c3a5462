import { isLongerThan } from './code-points.ts';

/** Names longer than this are compared with nothing: no name here is as long by a slip. */
const LONGEST_COMPARED = 100;

/** So many names are looked at for one that was not found. */
const MOST_CANDIDATES = 1_000;

/**
 * The Levenshtein distance: letters to insert, delete or replace to turn one text into the other.
 */
export function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, against] of [...other].entries()) {
      next.push(
        Math.min(
          (next[at] ?? 0) + 1,
          (row[at + 1] ?? 0) + 1,
          (row[at] ?? 0) + (letter === against ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * The name that somebody meant who typed one that nobody has: of those that differ by a third of
 * its letters at most, rounded up, the nearest one, and of several the first. Null where none is
 * near. Case does not count.
 */
export function nearestName(typed: string, candidates: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  let most = Math.ceil(wanted.length / 3);
  let nearest: string | null = null;
  if (isLongerThan(wanted, LONGEST_COMPARED)) {
    return null;
  }
  for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
    if (Math.abs(candidate.length - wanted.length) > most) {
      continue;
    }
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance <= most && (nearest === null || distance < most)) {
      nearest = candidate;
      most = distance;
    }
  }
  return nearest;
}
