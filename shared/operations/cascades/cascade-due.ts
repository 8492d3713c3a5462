import { addSeconds } from '../../domain/projects/deletion.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import { type HandOverDeps, handOver, longestWaitMs } from './cascade-project.ts';

export type CascadeDueDeps = HandOverDeps & {
  readonly deletions: Pick<DeletionStore, 'due'>;
};

const pageSize = 50;

/**
 * Sends a worker after every deletion that is due now or soon, and after those whose worker has not
 * been heard of: so that what was accepted ends, whatever became of the messages. Answers how many
 * there were.
 */
export async function cascadeDue(
  deps: CascadeDueDeps,
  input: { readonly requestId: string; readonly hasTime: () => boolean },
): Promise<number> {
  let sent = 0;
  while (input.hasTime()) {
    const soon = addSeconds(deps.clock(), longestWaitMs / 1_000);
    const due = await deps.deletions.due(soon, pageSize);
    const handedOver: boolean[] = [];
    for (const deletion of due) {
      handedOver.push(await handOver(deps, deletion, input.requestId));
    }
    const inThisPage = handedOver.filter(Boolean).length;
    sent += inThisPage;
    // The index may show for a moment what was handed over just now.
    if (inThisPage === 0 || due.length < pageSize) {
      break;
    }
  }
  return sent;
}
