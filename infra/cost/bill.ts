/** A line of a bill. */
export type Line = { readonly what: string; readonly quantity: string; readonly dollars: number };

/** The sum of a bill. */
export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

export function money(dollars: number): string {
  return dollars.toFixed(2);
}

/** A bill as a table of Markdown. */
export function bill(lines: readonly Line[]): string {
  return [
    '| what | how much | dollars |',
    '|---|---|---:|',
    ...lines.map(({ what, quantity, dollars }) => `| ${what} | ${quantity} | ${money(dollars)} |`),
    `| **together** | | **${money(total(lines))}** |`,
  ].join('\n');
}
