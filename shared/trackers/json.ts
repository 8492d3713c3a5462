/**
 * Reads JSON of trackers. Nothing here throws: a part that is missing, null or of another type
 * reads as undefined, null or empty.
 */

/** The value at a path of property names. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) {
      return undefined;
    }
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** A non-empty string. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** An id, which trackers send as a number or as a string. */
export function idAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  if (typeof found === 'number' && Number.isSafeInteger(found)) {
    return String(found);
  }
  return typeof found === 'string' && found !== '' ? found : null;
}

/** A safe integer, also as a string of digits; null otherwise. */
export function integerAt(value: unknown, ...path: readonly string[]): number | null {
  const id = idAt(value, ...path);
  return id !== null && /^-?\d{1,15}$/.test(id) ? Number(id) : null;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Whether the path exists at all, even as null. */
export function hasAt(value: unknown, ...path: readonly string[]): boolean {
  return at(value, ...path) !== undefined;
}
