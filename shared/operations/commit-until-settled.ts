import { conflict } from '../domain/errors.ts';
import type { TransactOutcome } from '../stores/transaction.ts';
import { stepAside } from './step-aside.ts';

const maxAttempts = 10;

/**
 * Commits until the rows themselves agree or refuse, and not merely somebody else who is writing
 * them at that moment. Throws `conflict` when that does not end.
 */
export async function commitUntilSettled<Name extends string>(
  commit: () => Promise<TransactOutcome<Name>>,
): Promise<TransactOutcome<Name>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await commit();
    if (outcome.committed || outcome.refused.length > 0) {
      return outcome;
    }
    if (attempt === maxAttempts) {
      throw conflict('Others are changing this at the same time. Please try again in a second');
    }
    await stepAside(attempt);
  }
}
