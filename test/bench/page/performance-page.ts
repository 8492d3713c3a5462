import { BENCH_NAMES, BENCHES, type BenchName } from './bench-names.ts';

const PREAMBLE = `# What it takes

Written by \`npm run bench -- --write\`; do not edit. Counts, units and bytes are those that the embedded engines report, ratios are
of one run; times of a machine are printed by \`npm run bench\` and not kept. A figure with a target has it beside it, and says so
where it is missed. A million of something costs what its units, records, events and messages cost by the prices of
\`infra/cost/prices.ts\`, each alone in its batch, without the functions' time and logs: [cost.md](cost.md) has a whole bill.`;

/** What the page holds of each bench. */
export type Sections = Readonly<Partial<Record<BenchName, string>>>;

/** The page, a section for each bench. */
export function performancePage(sections: Sections): string {
  const written = BENCH_NAMES.map((name) => {
    const figures = sections[name] ?? 'Not measured yet.';
    return `## ${name}\n\n${BENCHES[name]}\n\n${figures}`;
  });
  return `${[PREAMBLE, ...written].join('\n\n')}\n`;
}

/** The figures that a page holds, without what introduces them. */
export function sectionsOf(page: string): Sections {
  const found = page.split(/^## /m).slice(1);
  return Object.fromEntries(
    found.map((section) => {
      const [name = '', , ...figures] = section.trimEnd().split('\n\n');
      return [name, figures.join('\n\n')];
    }),
  );
}
