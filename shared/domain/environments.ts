import { isLongerThan } from './code-points.ts';
import { tagOf } from './event-tags.ts';

/**
 * An issue remembers the first so many names: a producer that makes up names cannot make its row
 * grow.
 */
export const MOST_ENVIRONMENTS = 50;
/** Sentry knows no longer name; a longer one is as if the event had none. */
const LONGEST_ENVIRONMENT = 64;

/**
 * The environment that an event names, as `environment` or as the tag of that name; null where it
 * names none.
 */
export function environmentOf(event: Readonly<Record<string, unknown>>): string | null {
  return nameIn(event.environment) ?? nameIn(tagOf(event.tags, 'environment'));
}

/**
 * The names that an issue remembers after some more were seen; the same list where all were known
 * or there is no room.
 */
export function rememberEnvironments(
  known: readonly string[],
  seen: readonly string[],
): readonly string[] {
  const all = [...new Set([...known, ...seen])].slice(0, Math.max(MOST_ENVIRONMENTS, known.length));
  return all.length === known.length ? known : all;
}

function nameIn(value: unknown): string | null {
  if (typeof value !== 'string') {
    return null;
  }
  const name = value.trim().toWellFormed();
  return name === '' || isLongerThan(name, LONGEST_ENVIRONMENT) ? null : name;
}
