/** Those who wait for something that gets free, and get it in the order in which they came. */
export function createWaitingLine<T>() {
  const waiting: ((free: T | undefined) => void)[] = [];
  return {
    /**
     * Resolves with what gets free; with undefined if that is given, or if `patience` ends before
     * anything is.
     */
    wait(patience?: Promise<unknown>): Promise<T | undefined> {
      return new Promise((resolve) => {
        waiting.push(resolve);
        patience?.then(() => {
          const position = waiting.indexOf(resolve);
          if (position >= 0) {
            waiting.splice(position, 1);
            resolve(undefined);
          }
        });
      });
    },
    /** Gives this to the first in the line; returns false if nobody waits. */
    give(free: T | undefined): boolean {
      const first = waiting.shift();
      first?.(free);
      return first !== undefined;
    },
  };
}
