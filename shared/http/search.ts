/** What of an entry of a list can be searched. */
export type Searchable = {
  /** Values that a search names by their key, and means whole: `slug:core`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What any other word is looked for in. */
  readonly text: readonly string[];
};

const keyed = /^([a-z.]+):(.+)$/;

/**
 * Keeps the entries of which every word of a search is true: `key:value` for a key that the entries
 * have, any other word somewhere in their text, whatever its case. Nothing to search for keeps them
 * all.
 */
export function bySearch<T>(
  query: string | null,
  searchableOf: (entry: T) => Searchable,
): (entry: T) => boolean {
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    const searchable = searchableOf(entry);
    return words.every((word) => isFound(word, searchable));
  };
}

/** Organizations, projects and teams. */
export function named(entry: {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}): Searchable {
  const { id, slug, name } = entry;
  return { keys: { id: [id], slug: [slug], name: [name] }, text: [slug, name] };
}

function isFound(word: string, { keys, text }: Searchable): boolean {
  const [, key = '', value = ''] = keyed.exec(word) ?? [];
  const values = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (values !== undefined) {
    return values.some((one) => one.toLowerCase() === value);
  }
  return text.some((one) => one.toLowerCase().includes(word));
}
