import type { NewStep, Step } from './step.ts';

/** How many steps are kept. */
const RING_SIZE = 500;

export type Ring = ReturnType<typeof createRing>;

/** The last steps, as JSON, by their numbers, which count from 1. */
export function createRing(size = RING_SIZE) {
  const texts: string[] = [];
  const listeners = new Set<() => void>();
  let last = 0;

  return {
    /** Adds a step and wakes who waits for one. */
    add(step: NewStep): void {
      last += 1;
      const { at, request, kind, title, detail } = step;
      const numbered: Step = { seq: last, at, request, kind, title, detail };
      texts[last % size] = JSON.stringify(numbered);
      for (const listener of listeners) {
        listener();
      }
    },
    /** The number of the last step; 0 before the first. */
    last: () => last,
    /** The number of the oldest step that is kept. */
    oldest: () => Math.max(1, last - size + 1),
    /** A step as JSON; undefined for one that is not kept. */
    text: (seq: number): string | undefined =>
      seq > last - size && seq <= last ? texts[seq % size] : undefined,
    /** Has a function called after each new step; returns one that ends this. */
    listen(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
