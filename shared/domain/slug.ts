/**
 * Slugs of projects: how a caller may write one, and how one is made of a name. Whether a slug is
 * free only the insert can tell, so the candidates come one after the other, and the writer takes
 * the next where one was taken.
 */

import { isDigits } from './digits.ts';

/** A slug that a caller chose. */
export const MAX_SLUG_LENGTH = 100;
/** A slug that was made of a name. */
export const MAX_GENERATED_SLUG_LENGTH = 50;

/** What a slug that is not well-formed is answered with. */
export const INVALID_SLUG =
  'Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.';

const SLUG = /^(?![0-9]+$)[a-z0-9_-]+$/;

/** Names of pages beside a project's: a project of that name would hide them. */
const RESERVED_PROJECT_SLUGS: ReadonlySet<string> = new Set([
  '$all',
  'api-keys',
  'audit-log',
  'auth',
  'members',
  'projects',
  'rate-limits',
  'repos',
  'settings',
  'teams',
  'billing',
  'payments',
  'legal',
  'subscription',
  'support',
  'integrations',
  'developer-settings',
  'usage',
]);

const HEX_DIGITS = '0123456789abcdef';
/** As Sentry has it: no 8, and 0 twice. */
const SUFFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456790';
/** Suffixes are tried from short to long. The last one is as good as unique. */
const SUFFIX_ATTEMPTS = [
  { attempts: 1, length: 2 },
  { attempts: 5, length: 3 },
  { attempts: 20, length: 5 },
  { attempts: 1, length: 12 },
] as const;

/** Answers a whole number from 0 up to, and without, `exclusiveMax`. */
export type RandomInt = (exclusiveMax: number) => number;

/** Whether a slug is well-formed: not its length, and not whether it is reserved. */
export function isWellFormedSlug(slug: string): boolean {
  return SLUG.test(slug);
}

/** Whether no project may be called so. The comparison is exact, for slugs as for names. */
export function isReservedProjectSlug(slug: string): boolean {
  return RESERVED_PROJECT_SLUGS.has(slug);
}

/** A name in the letters of a slug; empty when it has none of them. At most 50 characters. */
export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\P{ASCII}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_\s-]/g, '')
    .replace(/[\s-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, MAX_GENERATED_SLUG_LENGTH);
}

/**
 * The slugs to try for a project of this name, best first: its own, unless that is all digits, then
 * 27 with a random suffix, of which the last is the last resort. A name that yields nothing, or a
 * reserved word, is replaced by 12 random hexadecimal digits.
 */
export function* slugCandidates(
  name: string,
  randomInt: RandomInt,
  isReserved = isReservedProjectSlug,
): Generator<string, void, void> {
  const own = slugify(name);
  const base = own === '' || isReserved(own) ? randomText(HEX_DIGITS, 12, randomInt) : own;
  if (!isDigits(base)) {
    yield base;
  }
  for (const { attempts, length } of SUFFIX_ATTEMPTS) {
    const stem = base.slice(0, MAX_GENERATED_SLUG_LENGTH - length - 1);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      yield `${stem}-${randomText(SUFFIX_ALPHABET, length, randomInt)}`;
    }
  }
}

function randomText(alphabet: string, length: number, randomInt: RandomInt): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
