/**
 * Slugs of projects: which ones a caller may write, and how one is derived from a name. Only the
 * insert can find out whether a slug is free. So the candidates come one after the other, and the
 * writer takes the next one after a conflict.
 */

import { isDigits } from './digits.ts';

/** The longest slug that a caller may choose, in characters. */
export const MAX_SLUG_LENGTH = 100;
/** The longest slug that is derived from a name, in characters. */
export const MAX_GENERATED_SLUG_LENGTH = 50;

/** The error message for a slug that is not well-formed. */
export const INVALID_SLUG =
  'Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.';

const SLUG = /^(?![0-9]+$)[a-z0-9_-]+$/;

/** Slugs that fixed pages of the interface use. A project with one of them would hide the page. */
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
/** Sentry's alphabet: it has no 8, and 0 twice. */
const SUFFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456790';
/** Suffixes are tried from short to long. The last one, of 12 characters, is practically unique. */
const SUFFIX_ATTEMPTS = [
  { attempts: 1, length: 2 },
  { attempts: 5, length: 3 },
  { attempts: 20, length: 5 },
  { attempts: 1, length: 12 },
] as const;

/** A random whole number from 0 to `exclusiveMax` - 1. */
export type RandomInt = (exclusiveMax: number) => number;

/**
 * Whether a slug has only allowed characters and is not a number. Length and reserved names are not
 * checked here.
 */
export function isWellFormedSlug(slug: string): boolean {
  return SLUG.test(slug);
}

/** Whether a slug is reserved. The comparison is exact; names are compared after `slugify`. */
export function isReservedProjectSlug(slug: string): boolean {
  return RESERVED_PROJECT_SLUGS.has(slug);
}

/**
 * Derives a slug from a name: at most 50 characters, empty where the name has no letter, digit, `_`
 * or `-`.
 */
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
 * The slugs to try for a project of this name, the best first: the derived one unless it is all
 * digits, then 27 with a random suffix. A name that yields an empty or a reserved slug is replaced
 * by 12 random hexadecimal digits.
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
