import { changedMeanwhile } from '../../domain/errors.ts';
import type { Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';

/** Pages that others write to at the same moment are tried again so often. */
const ATTEMPTS = 12;

/** Writes that commit together with those that remain. */
export type BesideWrites<Name extends string, Beside extends string> = (
  remaining: readonly Write<Name>[],
) => readonly Write<Beside>[];

/**
 * Commits the writes whose conditions hold, and answers which those are. Throws `conflict` when
 * others keep writing to the rows.
 */
export async function commitUnrefused<Name extends string, Beside extends string = never>(
  { table, transact }: { readonly table: Table; readonly transact: Transact },
  writes: readonly Write<Name>[],
  beside: BesideWrites<Name, Beside> = () => [],
): Promise<readonly Write<Name>[]> {
  let remaining = writes;
  for (let attempt = 1; remaining.length > 0; attempt++) {
    const outcome = await transact<Name | Beside>([...remaining, ...beside(remaining)]);
    if (outcome.committed) {
      break;
    }
    const refused: readonly string[] = outcome.refused;
    if (attempt === ATTEMPTS) {
      throw changedMeanwhile();
    }
    if (refused.length === 0) {
      await table.backOff(attempt);
    }
    remaining = remaining.filter(({ name }) => !refused.includes(name));
  }
  return remaining;
}
