import { createHash } from 'node:crypto';

/**
 * An id that follows from what it names: the same parts have the same id wherever it is made. Below
 * 2^52, as text.
 */
export function idNamedBy(...parts: readonly string[]): string {
  return String(
    createHash('sha256').update(JSON.stringify(parts)).digest().readBigUInt64BE() >> 12n,
  );
}
