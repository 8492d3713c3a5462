import { type Step, withStep } from './steps.ts';

export type Feed = {
  /** The latest steps, oldest first. */
  steps(): readonly Step[];
  isOpen(): boolean;
  /** Calls with each step that arrives, and when the connection opens or ends. */
  subscribe(listener: (step: Step | undefined) => void): () => void;
};

/** Listens to the steps of the stack; the browser connects again by itself, where it left off. */
export function openFeed(url = '/_local/flow'): Feed {
  const source = new EventSource(url);
  const listeners = new Set<(step: Step | undefined) => void>();
  let kept: readonly Step[] = [];
  let open = false;
  const tell = (step: Step | undefined) => {
    for (const listener of listeners) {
      listener(step);
    }
  };
  const setOpen = (now: boolean) => {
    open = now;
    tell(undefined);
  };
  source.onopen = () => setOpen(true);
  source.onerror = () => setOpen(false);
  source.onmessage = ({ data }) => {
    const step = JSON.parse(String(data)) as Step;
    kept = withStep(kept, step);
    tell(step);
  };
  return {
    steps: () => kept,
    isOpen: () => open,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
