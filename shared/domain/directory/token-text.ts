/**
 * The text of an API token: `baton_`, 40 random characters and a checksum of them, 52 in all. By
 * prefix and checksum a scanner for leaked secrets tells a token from anything else, without asking
 * anybody.
 */

const TOKEN_PREFIX = 'baton_';
/** 40 characters of 62 are 238 bits. */
const RANDOM_CHARACTERS = 40;
/** A CRC32 is below 62^6. */
const CHECKSUM_CHARACTERS = 6;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const TOKEN_TEXT = new RegExp(
  `^${TOKEN_PREFIX}([0-9A-Za-z]{${RANDOM_CHARACTERS}})([0-9A-Za-z]{${CHECKSUM_CHARACTERS}})$`,
);

/** Makes a token's text; `randomInt` must not be guessable. */
export function newTokenText(randomInt: (exclusiveMax: number) => number): string {
  const random = Array.from({ length: RANDOM_CHARACTERS }, () =>
    BASE62.charAt(randomInt(BASE62.length)),
  ).join('');
  return `${TOKEN_PREFIX}${random}${checksumOf(random)}`;
}

/** Whether a text is that of a token, its checksum being the right one. */
export function isTokenText(text: string): boolean {
  const [, random = '', checksum] = TOKEN_TEXT.exec(text) ?? [];
  return checksum !== undefined && checksumOf(random) === checksum;
}

/** What a token may be recognized by without being told: its last characters. */
export function lastCharactersOf(token: string): string {
  return token.slice(-4);
}

/** CRC32 (the one of ZIP, PNG and GitHub's tokens) in base 62, with zeros in front. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_CHARACTERS) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}

const CRC32_POLYNOMIAL = 0xedb88320;

/** The text is ASCII: a character is a byte. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? CRC32_POLYNOMIAL : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
