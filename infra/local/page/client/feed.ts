export type StepKind = 'request' | 'rows' | 'record' | 'event' | 'queue' | 'cache' | 'tracker';

/** One step of what the local stack did, as `/_local/flow` tells it. */
export type Step = {
  readonly seq: number;
  readonly at: string;
  /** What ties the steps of one request together; null where it is not known. */
  readonly request: string | null;
  readonly kind: StepKind;
  readonly title: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type Feed = {
  /** The latest steps, oldest first. */
  steps(): readonly Step[];
  isOpen(): boolean;
  /** Calls with each step that arrives, and when the connection opens or ends. */
  subscribe(listener: (step: Step | undefined) => void): () => void;
};

/** As many as the stack itself keeps. */
const KEPT_STEPS = 500;

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

/** The steps with one more. A stack that was started anew counts from the beginning again. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const last = steps.at(-1);
  const before = last !== undefined && step.seq <= last.seq ? [] : steps;
  return [...before, step].slice(-KEPT_STEPS);
}
