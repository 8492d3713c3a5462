/** What the lists of organizations, projects and teams can be searched by. */
type Named = { readonly id: string; readonly slug: string; readonly name: string };

const keyed = /^(id|slug|name):(.+)$/;

/**
 * Keeps the entries in which every word of a search is found: `slug:core` and `id:21` by the whole value, any other word in
 * the name or the slug, whatever its case. Nothing to search for keeps them all.
 */
export function bySearch(query: string | null): (entry: Named) => boolean {
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => words.every((word) => isFound(word, entry));
}

function isFound(word: string, entry: Named): boolean {
  const [, key, value] = keyed.exec(word) ?? [];
  if (key !== undefined) return entry[key as keyof Named].toLowerCase() === value;
  return entry.slug.toLowerCase().includes(word) || entry.name.toLowerCase().includes(word);
}
