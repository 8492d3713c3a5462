import type { TrackerReply } from '../domain/sync/failure.ts';

/** Workflows are read again after this time, so a changed category is noticed that late. */
const LIFE_MS = 5 * 60 * 1_000;

/** For a state that a cached workflow does not have, the workflow is read again after this time. */
const RETRY_MS = 10_000;

type Entry<S> = { readonly atMs: number; readonly states: readonly S[] };

/**
 * The states at a path of the tracker's API. `isKnown` recognizes the state that the caller needs:
 * without it the states are read again.
 */
export type WorkflowLookup<S> = (
  path: string,
  isKnown: (state: S) => boolean,
) => Promise<TrackerReply<readonly S[]>>;

/**
 * Caches the states of the last `size` workflows for five minutes. A workflow that we may not read
 * has none.
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
