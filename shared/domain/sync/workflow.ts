import type { ExternalStatus } from './external-issue.ts';

/** A state that an external issue can be put into, as its tracker describes it. */
export type WorkflowState = {
  readonly name: string;
  /** What the tracker's own category of the state means; null for a category that says neither. */
  readonly status: ExternalStatus | null;
  /** Lower comes first among the states of one status; null for one that is never chosen. */
  readonly preference: number | null;
};

/**
 * The state to put an issue into so that it shows `wanted`: the preferred one, and of several the
 * one that the workflow names first. Undefined where the workflow has none.
 */
export function chooseState<T extends WorkflowState>(
  states: readonly T[],
  wanted: ExternalStatus,
): T | undefined {
  let chosen: T | undefined;
  for (const state of states) {
    if (state.status !== wanted || state.preference === null) {
      continue;
    }
    if (chosen === undefined || state.preference < (chosen.preference ?? 0)) {
      chosen = state;
    }
  }
  return chosen;
}
