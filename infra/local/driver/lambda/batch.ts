import type { Outcome } from './function-process.ts';

/** Half of the maximum size of an event, to leave room for what surrounds the records. */
const MAX_BATCH_CHARACTERS = 3 * 1024 * 1024;

/**
 * The ids of the failed items of a batch: those that the function reports, if it reports item
 * failures; all of them if it failed or its report is invalid.
 *
 * @param ids the ids of the items, in the order of the batch
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

/** The number of items at the head of the list that fit into one event: at least one. */
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
