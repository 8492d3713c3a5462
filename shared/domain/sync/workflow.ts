import type { ExternalStatus } from './external-issue.ts';

/** A state of an external issue, as its tracker describes it. */
export type WorkflowState = {
  readonly name: string;
  /**
   * The meaning of the tracker's category for the state; null for a category that is neither open
   * nor closed.
   */
  readonly status: ExternalStatus | null;
  /** Lower comes first among the states of one status; null for one that is never chosen. */
  readonly preference: number | null;
};

/**
 * The state for a wanted status: the preferred one, and among equals the first of the workflow.
 * Undefined where the workflow has none.
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
