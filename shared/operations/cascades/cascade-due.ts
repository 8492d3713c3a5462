import { addSeconds } from '../../domain/projects/deletion.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import { type ContinueDeps, continueLater, LONGEST_WAIT_MS } from './cascade-project.ts';

export type CascadeDueDeps = ContinueDeps & {
  readonly deletions: Pick<DeletionStore, 'due'>;
};

const PAGE_SIZE = 50;

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
    const soon = addSeconds(deps.clock(), LONGEST_WAIT_MS / 1_000);
    const due = await deps.deletions.due(soon, PAGE_SIZE);
    const continued: boolean[] = [];
    for (const deletion of due) {
      continued.push(await continueLater(deps, deletion, input.requestId));
    }
    const inThisPage = continued.filter(Boolean).length;
    sent += inThisPage;
    // The index may show for a moment what was queued a moment ago.
    if (inThisPage === 0 || due.length < PAGE_SIZE) {
      break;
    }
  }
  return sent;
}
