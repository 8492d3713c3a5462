import type { Outcome } from './function-process.ts';

/** Half of Lambda's limit for an event, since the records are not all of it. */
const MAX_BATCH_CHARACTERS = 3 * 1024 * 1024;

/**
 * Which items of a batch failed: those that the function reports, where reporting is on; all of
 * them when it threw, or when its report makes no sense.
 *
 * @param ids the items' identifiers, in the order of the batch
 */
export function failedItems(
  outcome: Outcome,
  ids: readonly string[],
  reportsItems: boolean,
): readonly string[] {
  if (!outcome.ok) {
    return ids;
  }
  if (!reportsItems) {
    return [];
  }
  const answer = JSON.parse(outcome.payload) as { batchItemFailures?: unknown } | null;
  const report = typeof answer === 'object' ? (answer?.batchItemFailures ?? []) : [];
  if (!Array.isArray(report)) {
    return ids;
  }
  const failed = report.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  const makesSense = failed.every((id) => typeof id === 'string' && ids.includes(id));
  return makesSense ? (failed as string[]) : ids;
}

/** How many of the first items fit into one event. At least one. */
export function fittingCount<T>(items: readonly T[], max: number, sizeOf: (item: T) => number) {
  let size = 0;
  let count = 0;
  for (const item of items.slice(0, max)) {
    size += sizeOf(item);
    if (count > 0 && size > MAX_BATCH_CHARACTERS) {
      break;
    }
    count += 1;
  }
  return count;
}
