/** The cursor of the page behind this one, by the Link header of a list; undefined for none. */
export function nextCursor(header: string | null): string | undefined {
  for (const link of (header ?? '').split(/,\s*(?=<)/)) {
    if (link.includes('rel="next"') && link.includes('results="true"')) {
      return /cursor="([^"]*)"/.exec(link)?.[1];
    }
  }
  return undefined;
}
