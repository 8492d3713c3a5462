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

/** As many as the stack itself keeps. */
const KEPT_STEPS = 500;

/** The steps with one more. A stack that was started anew counts from the beginning again. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const last = steps.at(-1);
  const before = last !== undefined && step.seq <= last.seq ? [] : steps;
  return [...before, step].slice(-KEPT_STEPS);
}
