import { AsyncLocalStorage } from 'node:async_hooks';

/** What happens to a worker at a write: it goes on, or dies just before or just after. */
export type Fate = 'go' | 'dieBefore' | 'dieAfter';

/** A worker in the middle of its work, parked before a write or a call to a tracker. */
export type Task<T> = {
  readonly about: T;
  readonly waiting: ((fate: Fate) => void)[];
  reading: number;
  outcome: { readonly value: unknown } | { readonly error: unknown } | null;
  /** Called when it may have parked or ended. */
  onPause: () => void;
};

export type Stepper = ReturnType<typeof createStepper>;

/**
 * Runs workers one step at a time: at each write and each call to a tracker a worker parks, until
 * it is told to go on, or to die there as a process dies, without a `catch` or `finally` of it
 * running. Reads are free: what they read grows stale while the worker is parked. Only one worker
 * moves at any time, so that the same choices give the same run.
 */
export function createStepper() {
  const current = new AsyncLocalStorage<Task<unknown>>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** Waits until a worker is parked, or at its end. */
  async function parked(task: Task<unknown>): Promise<void> {
    const isMoving = () => task.outcome === null && (task.waiting.length === 0 || task.reading > 0);
    while (isMoving()) {
      await new Promise<void>((resolve) => {
        task.onPause = resolve;
      });
      // What follows from the end of a read, such as the next one, begins before this looks again.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    /** Begins a piece of work, up to its first write. */
    async begin<T>(about: T, work: () => Promise<unknown>): Promise<Task<T>> {
      const task: Task<T> = {
        about,
        waiting: [],
        reading: 0,
        outcome: null,
        onPause: () => {},
      };
      current.run(task as Task<unknown>, () => {
        work().then(
          (value) => {
            task.outcome = { value };
            task.onPause();
          },
          (error: unknown) => {
            task.outcome = { error };
            task.onPause();
          },
        );
      });
      await parked(task as Task<unknown>);
      return task;
    },

    /** Lets a worker do its next write, or die at it. */
    async step(task: Task<unknown>, fate: Fate = 'go'): Promise<void> {
      const next = task.waiting.shift();
      next?.(fate);
      if (fate === 'go') {
        return parked(task);
      }
      // What a worker writes with its last breath has happened before anybody else moves.
      await new Promise((resolve) => setImmediate(resolve));
      await lastWrite;
    },

    /** Something that others see: a worker parks before it. Outside of a worker it just happens. */
    async write<T>(act: () => Promise<T>): Promise<T> {
      const task = current.getStore();
      if (task === undefined) {
        return act();
      }
      const fate = await new Promise<Fate>((resolve) => {
        task.waiting.push(resolve);
        task.onPause();
      });
      if (fate === 'dieBefore') {
        return never();
      }
      const acting = act();
      if (fate === 'go') {
        return acting;
      }
      lastWrite = acting.catch(() => {});
      return never();
    },

    /** Something that nobody sees. */
    async read<T>(act: () => Promise<T>): Promise<T> {
      const task = current.getStore();
      if (task === undefined) {
        return act();
      }
      task.reading += 1;
      try {
        return await act();
      } finally {
        task.reading -= 1;
        task.onPause();
      }
    },
  };
}

/** A process that is gone does not come back. */
function never(): Promise<never> {
  return new Promise(() => {});
}
