import type { ProjectId } from '../ids.ts';
import { isFresh } from './freshness.ts';
import type { AutoAssignment } from './settings.ts';

/** What can keep an issue from being evaluated, or from being assigned by itself. */
export type GateName = 'manual' | 'assignee' | 'debounce' | 'rateLimit' | 'setting' | 'killSwitch';

/** One gate: whether it stopped the issue, and a sentence that says why or why not. */
export type Gate = { readonly gate: GateName; readonly stopped: boolean; readonly detail: string };

/** So many distinct issues of a project have their owners evaluated in a window of 60 seconds. */
export const EVALUATED_GROUPS_PER_WINDOW = 50;

/** The same for organizations with the feature `increased-issue-owners-rate-limit`. */
export const INCREASED_GROUPS_PER_WINDOW = 200;

const RATE_LIMIT_WINDOW_SECONDS = 60;

/** The owners of an issue that has an assignee are not evaluated. */
export function assigneeGate(hasAssignee: boolean): Gate {
  return {
    gate: 'assignee',
    stopped: hasAssignee,
    detail: hasAssignee
      ? 'The issue is known to have an assignee.'
      : 'The issue is not known to have an assignee; that is up to a minute old.',
  };
}

/**
 * Owners are evaluated once a day, and again as soon as the project's rules have changed. Times are
 * unix seconds; null where none is remembered.
 */
export function debounceGate(
  evaluatedAtSeconds: number | null,
  ownershipChangedAtSeconds: number | null,
): Gate {
  const gate = 'debounce';
  if (evaluatedAtSeconds === null) {
    return { gate, stopped: false, detail: 'Owners were not evaluated within the last day.' };
  }
  const evaluatedAt = new Date(evaluatedAtSeconds * 1000).toISOString();
  return isFresh(evaluatedAtSeconds, ownershipChangedAtSeconds)
    ? { gate, stopped: true, detail: `Owners were evaluated at ${evaluatedAt}.` }
    : { gate, stopped: false, detail: `The rules have changed since ${evaluatedAt}.` };
}

/**
 * `groupsInWindow` counts this issue too. Beyond the limit an issue that was counted before is
 * refused as well.
 */
export function rateLimitGate(groupsInWindow: number, limit: number): Gate {
  return {
    gate: 'rateLimit',
    stopped: groupsInWindow > limit,
    detail: `${groupsInWindow} issues of ${limit} in this window of ${RATE_LIMIT_WINDOW_SECONDS} seconds.`,
  };
}

/**
 * The organization's option `post_process.get-autoassign-owners` lists projects whose rules are not
 * evaluated.
 */
export function killSwitchGate(optionValue: unknown, projectId: ProjectId): Gate {
  const stopped = Array.isArray(optionValue) && optionValue.map(String).includes(projectId);
  return {
    gate: 'killSwitch',
    stopped,
    detail: stopped
      ? 'Owner evaluation is switched off for this project.'
      : 'Owner evaluation is switched on.',
  };
}

/** The project's own setting. */
export function settingGate(flags: AutoAssignment): Gate {
  const stopped = !flags.autoAssignment && !flags.suspectCommitterAutoAssignment;
  return {
    gate: 'setting',
    stopped,
    detail: stopped ? 'Auto-assignment is turned off.' : 'Auto-assignment is turned on.',
  };
}

/**
 * What a person decided stays. An assignment counts as a person's when its activity names no
 * integration, so one that was made from a chat does not count. `latest` is the latest assignment
 * of the issue, whoever made it; `force` passes this gate.
 */
export function manualGate(
  latest: { readonly integration: string | null } | null,
  force: boolean,
): Gate {
  const gate = 'manual';
  if (force) {
    return { gate, stopped: false, detail: 'Earlier assignments are overridden.' };
  }
  if (!latest) {
    return { gate, stopped: false, detail: 'The issue was never assigned.' };
  }
  return latest.integration === null
    ? { gate, stopped: true, detail: 'The latest assignment was made by a person.' }
    : { gate, stopped: false, detail: `The latest assignment came from ${latest.integration}.` };
}
