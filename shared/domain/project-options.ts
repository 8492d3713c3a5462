/**
 * A project's options: settings by name, such as `sentry:resolve_age`. Baton keeps those that it has no use for itself,
 * so that what a client has set it also reads back.
 */
export type ProjectOptions = Readonly<Record<string, unknown>>;

/** The hours after which clients call an issue of the project settled; 0 for never. */
export const RESOLVE_AGE = 'sentry:resolve_age';

/** All options of a project together, as JSON. An event tells of the old and the new ones, and must fit on the bus. */
const MAX_OPTIONS_CHARACTERS = 32_768;
const MAX_DEPTH = 4;
const NAME = /^[a-z][a-z0-9_.:-]{0,99}$/i;

/**
 * The options with others set over them, where null removes one.
 */
export function withOptions(options: ProjectOptions, given: ProjectOptions): ProjectOptions {
  const merged = Object.entries({ ...options, ...given }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

/** What is wrong with options, in a sentence; undefined where nothing is. */
export function refuseOptions(options: ProjectOptions): string | undefined {
  const stranger = Object.keys(options).find((name) => !NAME.test(name));
  if (stranger !== undefined) return `"${stranger.slice(0, 100)}" is not a valid option name.`;
  const bad = Object.entries(options).find(([, value]) => !isPlain(value, MAX_DEPTH));
  if (bad !== undefined) return `The value of "${bad[0]}" cannot be stored.`;
  if (JSON.stringify(options).length > MAX_OPTIONS_CHARACTERS)
    return `Ensure the options have no more than ${MAX_OPTIONS_CHARACTERS} characters.`;
  return undefined;
}

/** What the table can hold: numbers of its range, no empty names, no bottomless nesting. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= 2 ** 53;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((inner) => isPlain(inner, depth - 1));
  return Object.entries(value).every(([name, inner]) => name !== '' && isPlain(inner, depth - 1));
}
