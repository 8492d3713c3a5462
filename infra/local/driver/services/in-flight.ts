/**
 * What the local stack is still busy with. It answers two questions: is everything at rest
 * (`/_local/idle`), and has everything that followed from one stream record come to its end (may
 * that record be checkpointed)?
 */

/** Something that other work follows from; settled when the last of that work has ended. */
export type Root = { open: number; readonly onSettled: () => void };

/** The roots that a piece of work follows from. */
export type Roots = ReadonlySet<Root>;

/** One invocation, message, record or request that has begun and not ended. */
export type Work = {
  readonly roots: Roots;
  /** Ends it; a second call changes nothing. */
  end(): void;
};

export type InFlight = ReturnType<typeof createInFlight>;

export const NO_ROOTS: Roots = new Set();

/** Keeps the count of all open work, by label. */
export function createInFlight() {
  const open = new Map<string, Set<number>>();
  let count = 0;
  let nextId = 1;
  let drained: (() => void)[] = [];

  const close = (label: string, id: number) => {
    const ids = open.get(label);
    ids?.delete(id);
    if (ids?.size === 0) {
      open.delete(label);
    }
    count -= 1;
    if (count > 0) {
      return;
    }
    const waiting = drained;
    drained = [];
    for (const resolve of waiting) {
      resolve();
    }
  };

  return {
    /**
     * Begins a piece of work that follows from `roots`. Work that is not `counted` (what a schedule
     * runs in the background) keeps its roots open, but nobody waits for it.
     */
    begin(label: string, roots: Roots = NO_ROOTS, counted = true): Work {
      for (const root of roots) {
        root.open += 1;
      }
      const id = nextId++;
      if (counted) {
        const ids = open.get(label);
        if (ids) {
          ids.add(id);
        } else {
          open.set(label, new Set([id]));
        }
        count += 1;
      }
      let ended = false;
      return {
        roots,
        end() {
          if (ended) {
            return;
          }
          ended = true;
          if (counted) {
            close(label, id);
          }
          for (const root of roots) {
            root.open -= 1;
            if (root.open === 0) {
              root.onSettled();
            }
          }
        },
      };
    },
    /** Whether no counted work is open. */
    isEmpty: () => count === 0,
    /** Resolves when no counted work is open. */
    drained(): Promise<void> {
      return count === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve));
    },
    /** What is open, one line for each kind: `message in queue Repeat x 3`. */
    describe: (): string[] =>
      [...open].map(([label, ids]) => (ids.size === 1 ? label : `${label} x ${ids.size}`)),
  };
}
