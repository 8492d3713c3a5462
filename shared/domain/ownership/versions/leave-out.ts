import { linesOf, wordsOf } from '../diagnostic.ts';
import { type ReadRule, readRules } from '../grammar.ts';
import { ownerText, type RuleOwner, ruleText } from '../rule.ts';

/** What was left out of a rule: some of its owners, or with the last of them the whole line. */
export type LeftOut = {
  readonly line: number;
  readonly rule: string;
  readonly owners: readonly string[];
};

/**
 * A text of rules without the owners who are gone: a line that keeps an owner loses the others, one
 * that keeps none is left out. Everything else stays as it was written.
 */
export function leaveOut(
  raw: string,
  isGone: (owner: RuleOwner) => boolean,
): { readonly raw: string; readonly leftOut: readonly LeftOut[] } {
  const lines: (string | null)[] = linesOf(raw);
  const leftOut: LeftOut[] = [];
  for (const read of readRules(raw).rules) {
    const gone = read.rule.owners.filter(isGone);
    if (gone.length === 0) {
      continue;
    }
    const { line, rule } = read;
    leftOut.push({ line, rule: ruleText(rule), owners: gone.map(ownerText) });
    lines[line - 1] =
      gone.length === rule.owners.length
        ? null
        : withoutOwners(lines[line - 1] ?? '', read, isGone);
  }
  return leftOut.length === 0
    ? { raw, leftOut }
    : { raw: lines.filter((line) => line !== null).join('\n'), leftOut };
}

function withoutOwners(
  line: string,
  { rule, ownerColumns }: ReadRule,
  isGone: (owner: RuleOwner) => boolean,
): string {
  const gone = new Set(
    rule.owners.flatMap((owner, index) => (isGone(owner) ? [ownerColumns[index]] : [])),
  );
  const points = [...line];
  const cut = wordsOf(line).filter(({ column }) => gone.has(column));
  // From the end, so that the columns before stay what they are.
  for (const { text, column } of cut.reverse()) {
    points.splice(column - 1, [...text].length);
  }
  return points.join('').replace(/\s+$/, '');
}
