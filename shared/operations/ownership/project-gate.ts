import { hasFeature, type Organization } from '../../domain/directory.ts';
import type { ProjectId } from '../../domain/ids.ts';
import {
  assigneeGate,
  debounceGate,
  EVALUATED_GROUPS_PER_WINDOW,
  type Gate,
  INCREASED_GROUPS_PER_WINDOW,
  killSwitchGate,
  rateLimitGate,
} from '../../domain/ownership/gates.ts';

/**
 * What the gates of one group ask. An event counts its group where it asks for the window; whoever
 * explains looks only.
 */
export type GateSource = {
  hasAssignee(): Promise<boolean>;
  /**
   * When the group's owners were evaluated by the rules that still hold, in unix seconds; null
   * where they are due.
   */
  evaluatedAtSeconds(): Promise<number | null>;
  /** Distinct groups of the project in its current window, this one included. */
  groupsInWindow(limit: number): Promise<number>;
};

/** Owners are evaluated for more groups of organizations with this feature. */
const INCREASED_RATE_LIMIT = 'increased-issue-owners-rate-limit';

const KILL_SWITCH = 'post_process.get-autoassign-owners';

/**
 * Asks the gates before an evaluation, in their order. Each is asked only when the next one is
 * drawn: whoever stops at the first that stops has not asked those behind it.
 */
export async function* askGates(
  source: GateSource,
  organization: Organization,
  projectId: ProjectId,
): AsyncGenerator<Gate> {
  yield assigneeGate(await source.hasAssignee());
  // The caches know nothing of an evaluation that is older than the rules.
  yield debounceGate(await source.evaluatedAtSeconds(), null);
  const limit = hasFeature(organization, INCREASED_RATE_LIMIT)
    ? INCREASED_GROUPS_PER_WINDOW
    : EVALUATED_GROUPS_PER_WINDOW;
  yield rateLimitGate(await source.groupsInWindow(limit), limit);
  yield projectGate(organization, projectId);
}

/** The gate that needs no group. */
export function projectGate(organization: Organization, projectId: ProjectId): Gate {
  return killSwitchGate(organization.options[KILL_SWITCH], projectId);
}
