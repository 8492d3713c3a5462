import { rememberEnvironments } from '../environments.ts';
import { invalidRequest } from '../errors.ts';
import type { NewEvent } from '../events.ts';
import { newerRelease } from '../release.ts';
import type { NewActivity } from './activity.ts';
import type { Assignment } from './assignment.ts';
import type { Group } from './group.ts';

/** A merge of groups: events, followers and history of the children move to the primary. */
export type Merge = { readonly primary: Group; readonly children: readonly Group[] };

/** Requires error groups of one project. */
export function requireMergeable(groups: readonly Group[]): void {
  if (new Set(groups.map(({ projectId }) => projectId)).size > 1) {
    throw invalidRequest('Merging across multiple projects is not supported');
  }
  if (groups.some(isNoError)) {
    throw invalidRequest('Only error issues can be merged.');
  }
}

/** Requires error groups. */
export function requireDiscardable(groups: readonly Group[]): void {
  if (groups.some(isNoError)) {
    throw invalidRequest('Only error issues can be discarded.');
  }
}

/**
 * The merge of these groups; null for fewer than two. The group with the most events is the
 * primary, and among equals the one with the highest id.
 */
export function chooseMerge(groups: readonly Group[]): Merge | null {
  const [primary, ...children] = [...groups].sort(
    (a, b) => b.timesSeen - a.timesSeen || (BigInt(a.id) < BigInt(b.id) ? 1 : -1),
  );
  if (primary === undefined || children.length === 0) {
    return null;
  }
  const order = new Map(groups.map(({ id }, position) => [id, position]));
  const rank = ({ id }: Group) => order.get(id) ?? 0;
  return { primary, children: children.sort((a, b) => rank(a) - rank(b)) };
}

/** A child of a merge: hidden until its rows have moved. */
export function mergedAway(group: Group): Group {
  return {
    ...group,
    status: 'pending_merge',
    substatus: null,
    statusDetails: {},
    statusVersion: group.statusVersion + 1,
    snoozeBaseline: null,
    resolvedAfter: null,
    inInbox: false,
  };
}

/** The primary's activity for a merge. */
export function mergeActivity(
  children: readonly Group[],
  actingUserId: string | null,
): NewActivity {
  return {
    type: 'merge',
    userId: actingUserId,
    data: { issues: children.map(({ id }) => ({ id })) },
  };
}

/** The event that starts moving the children's rows. */
export function groupsMerged({ primary, children }: Merge): NewEvent {
  return {
    type: 'issue.merged',
    version: primary.statusVersion,
    data: { children: children.map(({ id }) => id) },
  };
}

/**
 * The primary's counters after a child was merged into it. The child's `userCount` excludes users
 * that both groups have seen.
 */
export function absorbCounts(primary: Group, child: Group): Group {
  return {
    ...primary,
    timesSeen: primary.timesSeen + child.timesSeen,
    userCount: primary.userCount + child.userCount,
    firstSeen: child.firstSeen < primary.firstSeen ? child.firstSeen : primary.firstSeen,
    lastSeen: child.lastSeen > primary.lastSeen ? child.lastSeen : primary.lastSeen,
    environments: rememberEnvironments(primary.environments, child.environments),
    newestRelease: newerRelease(primary.newestRelease, child.newestRelease),
    snoozeBaseline: shiftBaseline(primary.snoozeBaseline, child),
  };
}

/**
 * The baseline moves up by the child's counters: an archive ends by events after its start, and the
 * child's events came before the merge.
 */
function shiftBaseline(baseline: Group['snoozeBaseline'], child: Group): Group['snoozeBaseline'] {
  if (baseline === null) {
    return null;
  }
  const { timesSeen, userCount } = baseline;
  return {
    ...baseline,
    timesSeen: timesSeen + child.timesSeen,
    userCount: userCount + child.userCount,
  };
}

/** The primary's new assignee: the child's, unless the primary has one; else null. */
export function inheritedAssignee(primary: Assignment | null, child: Assignment | null) {
  return primary?.assignee ? null : (child?.assignee ?? null);
}

function isNoError({ type }: Group): boolean {
  return type !== 'error';
}
