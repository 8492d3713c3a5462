import { type Fields, recordOf } from './json.ts';

/**
 * The value of an event's tag; undefined where it has none. Tags are a list of `[key, value]`, or
 * an object from keys to values; numbers and booleans count as text.
 */
export function tagOf(tags: unknown, name: string): string | undefined {
  const value = Array.isArray(tags)
    ? tags.find((pair) => Array.isArray(pair) && pair[0] === name)?.[1]
    : ownValue(recordOf(tags), name);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return typeof value === 'string' ? value : undefined;
}

function ownValue(tags: Fields, name: string): unknown {
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}
