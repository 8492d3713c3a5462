/**
 * The open work of the local stack. It answers two questions: is the stack idle (`/_local/idle`),
 * and has all work that followed from a stream record ended, so that the checkpoint can pass it?
 * Along the same way goes what it all follows from, for those who watch.
 */
import type { Causes } from './observation.ts';

/** The cause of other work, such as a stream record; finished when all of that work has ended. */
export type Root = {
  open: number;
  readonly onFinished: () => void;
  /** What the root itself follows from. */
  readonly causes: Causes;
};

/** The roots that a piece of work follows from. */
export type Roots = ReadonlySet<Root>;

/** An invocation, message, record or request that has begun and not ended. */
export type Work = {
  readonly roots: Roots;
  /** Ends it; further calls have no effect. */
  end(): void;
};

export type InFlight = ReturnType<typeof createInFlight>;

export const NO_ROOTS: Roots = new Set();

/** Roots that only say what work follows from: nothing waits until it has ended. */
export function rootsFrom(causes: Causes): Roots {
  return causes.length === 0 ? NO_ROOTS : new Set([{ open: 0, onFinished: () => {}, causes }]);
}

/** What work with these roots follows from, each once. */
export function causesOf(roots: Roots): Causes {
  return [...new Set([...roots].flatMap(({ causes }) => causes))];
}

/**
 * Those causes that a text names, where it names any, else all: what a batch sends out says in its
 * own words which of the batch it is about.
 */
export function causesNamed(causes: Causes, text: () => string): Causes {
  if (causes.length < 2) {
    return causes;
  }
  const said = text();
  const named = causes.filter((cause) => said.includes(cause));
  return named.length === 0 ? causes : named;
}

/** Counts all open work, by label. */
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

  /**
   * Begins a piece of work that follows from `roots`. Work that is not `counted` (the background
   * work of a schedule) keeps its roots open, but the stack is idle without it.
   */
  const begin = (label: string, roots: Roots = NO_ROOTS, counted = true): Work => {
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
            root.onFinished();
          }
        }
      },
    };
  };

  return {
    begin,
    /**
     * The same roots as one that follows only from some of their causes. The caller releases it
     * when it has begun all work that follows.
     */
    narrow(roots: Roots, causes: Causes): { readonly roots: Roots; release(): void } {
      const { end } = begin('', roots, false);
      const root: Root = { open: 1, onFinished: end, causes };
      const release = () => {
        root.open -= 1;
        if (root.open === 0) {
          end();
        }
      };
      return { roots: new Set([root]), release };
    },
    /** Whether no counted work is open. */
    isEmpty: () => count === 0,
    /** Resolves when no counted work is open. */
    drained(): Promise<void> {
      return count === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve));
    },
    /** The open work, one line for each label: `message in queue Repeat x 3`. */
    describe: (): string[] =>
      [...open].map(([label, ids]) => (ids.size === 1 ? label : `${label} x ${ids.size}`)),
  };
}
