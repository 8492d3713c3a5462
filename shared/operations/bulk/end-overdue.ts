import { endOperation, isOverdue, type Operation } from '../../domain/bulk/operation.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OperationStore } from '../../stores/bulk/operations.ts';
import type { OutcomeStore } from '../../stores/bulk/outcomes.ts';
import type { Clock } from '../deps.ts';

export type EndOverdueDeps = {
  readonly operations: Pick<OperationStore, 'byId' | 'save'>;
  readonly outcomes: Pick<OutcomeStore, 'count'>;
  readonly clock: Clock;
};

/**
 * The operation as it is; a bulk write whose function has died before its end has failed, with what
 * it had recorded by then. No round trip for any other operation.
 */
export function endOverdue(deps: EndOverdueDeps, operation: Operation): Promise<Operation> {
  return redecide(async (attempt) => {
    const now = deps.clock();
    const present =
      attempt === 1 ? operation : ((await deps.operations.byId(operation.id, now)) ?? operation);
    if (!isOverdue(present, now)) {
      return present;
    }
    const counts = await deps.outcomes.count(present);
    const ended = endOperation(present, 'failed', { counts, now });
    const { committed } = await deps.operations.save(present, ended);
    return committed ? { ...ended, version: present.version + 1 } : AGAIN;
  });
}
