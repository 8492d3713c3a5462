import { isLongerThan } from './code-points.ts';
import { tagOf } from './event-tags.ts';

/**
 * An issue remembers the names of its first 50 environments, so that a producer that invents names
 * cannot make the row of the issue grow.
 */
export const MOST_ENVIRONMENTS = 50;
/**
 * Sentry's limit for a name, in characters. An event with a longer name counts as an event without
 * one.
 */
const LONGEST_ENVIRONMENT = 64;

/**
 * The environment of an event, from its field `environment` or its tag of that name; null without
 * either.
 */
export function environmentOf(event: Readonly<Record<string, unknown>>): string | null {
  return nameIn(event.environment) ?? nameIn(tagOf(event.tags, 'environment'));
}

/**
 * The names that an issue remembers after an event. The same list where every name was known, or
 * where 50 names are known already.
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
