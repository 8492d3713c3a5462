import { useCallback, useEffect, useState } from 'preact/hooks';

/** Something that is read from the API; while it is read again, what was there stays. */
export type Resource<T> = {
  readonly value: T | undefined;
  readonly failure: string | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/** Reads something, and again when an input has changed. Of several readings the last counts. */
export function useResource<T>(
  read: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): Resource<T> {
  const [state, setState] = useState<Omit<Resource<T>, 'reload'>>({
    value: undefined,
    failure: undefined,
    isLoading: true,
  });
  const [readings, setReadings] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const set = (next: Partial<Resource<T>>) => {
      if (!controller.signal.aborted) {
        setState((before) => ({ ...before, isLoading: false, failure: undefined, ...next }));
      }
    };
    setState((before) => ({ ...before, isLoading: true }));
    read(controller.signal).then(
      (value) => set({ value }),
      (error: unknown) => set({ failure: sentenceFor(error) }),
    );
    return () => controller.abort();
  }, [...inputs, readings]);
  const reload = useCallback(() => setReadings((count) => count + 1), []);
  return { ...state, reload };
}

export function sentenceFor(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
