import { backOff } from './table.ts';
import type { Transact, TransactOutcome, Write } from './transaction.ts';

const ATTEMPTS = 10;

/**
 * Commits writes that hold whatever others write beside them at that moment: only the rows
 * themselves can refuse. Throws where others do not stop writing to the same rows.
 */
export async function transactWithRetry<const Name extends string>(
  transact: Transact,
  writes: readonly Write<Name>[],
): Promise<TransactOutcome<Name>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await transact(writes);
    if (outcome.committed || outcome.refused.length > 0) {
      return outcome;
    }
    if (attempt === ATTEMPTS) {
      throw new Error(`Others keep writing to ${writes[0]?.name}.`);
    }
    await backOff(attempt);
  }
}
