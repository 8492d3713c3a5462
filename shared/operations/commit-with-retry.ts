import { conflict } from '../domain/errors.ts';
import type { TransactOutcome } from '../stores/transaction.ts';
import { backOff } from './back-off.ts';

const MAX_ATTEMPTS = 10;

/**
 * Commits until the rows themselves agree or refuse, and not merely somebody else who is writing
 * them at that moment. Throws `conflict` when that does not end.
 */
export async function commitWithRetry<Name extends string>(
  commit: () => Promise<TransactOutcome<Name>>,
): Promise<TransactOutcome<Name>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await commit();
    if (outcome.committed || outcome.refused.length > 0) {
      return outcome;
    }
    if (attempt === MAX_ATTEMPTS) {
      throw conflict('Others are changing this at the same time. Please try again in a second');
    }
    await backOff(attempt);
  }
}
