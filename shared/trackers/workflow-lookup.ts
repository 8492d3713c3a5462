import type { TrackerReply } from '../domain/sync/failure.ts';

/** Workflows are read again after this time: a changed category is noticed that late. */
const LIFE_MS = 5 * 60 * 1_000;

/** A state that a workflow did not have is looked for again after this time, not before. */
const RETRY_MS = 10_000;

type Entry<S> = { readonly atMs: number; readonly states: readonly S[] };

/**
 * The states behind an address of the tracker. `isKnown` says whether they are enough: where they
 * are not, they are asked for afresh.
 */
export type WorkflowLookup<S> = (
  path: string,
  isKnown: (state: S) => boolean,
) => Promise<TrackerReply<readonly S[]>>;

/**
 * Remembers the states of the `size` workflows that were read last, for five minutes. A workflow
 * that we may not read has none.
 */
export function createWorkflowLookup<S>(options: {
  readonly size: number;
  readonly ask: (path: string) => Promise<TrackerReply<readonly S[]>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): WorkflowLookup<S> {
  const { size, ask, now } = options;
  const kept = new Map<string, Entry<S>>();

  function keep(path: string, entry: Entry<S>): void {
    kept.delete(path);
    kept.set(path, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= size) {
        break;
      }
      kept.delete(oldest);
    }
  }

  function freshStates(entry: Entry<S> | undefined, isKnown: (state: S) => boolean) {
    if (entry === undefined) {
      return undefined;
    }
    const maxAgeMs = entry.states.some(isKnown) ? LIFE_MS : RETRY_MS;
    return now() - entry.atMs < maxAgeMs ? entry.states : undefined;
  }

  return async (path, isKnown) => {
    const fresh = freshStates(kept.get(path), isKnown);
    if (fresh !== undefined) {
      return { ok: true, value: fresh };
    }
    const reply = await ask(path);
    if (!reply.ok && reply.failure.kind !== 'rejected' && reply.failure.kind !== 'broken') {
      return reply;
    }
    const states = reply.ok ? reply.value : [];
    keep(path, { atMs: now(), states });
    return { ok: true, value: states };
  };
}
