import { commitWithRetry } from '../retry.ts';
import type { Transact, TransactOutcome, Write } from './transaction.ts';

/**
 * Commits writes that hold whatever others write beside them at that moment: only the rows
 * themselves can refuse.
 *
 * @throws DomainError `conflict` where others do not stop writing to the same rows
 */
export function transactWithRetry<const Name extends string>(
  transact: Transact,
  writes: readonly Write<Name>[],
): Promise<TransactOutcome<Name>> {
  return commitWithRetry(() => transact(writes));
}
