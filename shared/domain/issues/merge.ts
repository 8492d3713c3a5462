import { rememberEnvironments } from '../environments.ts';
import { invalidRequest } from '../errors.ts';
import type { NewEvent } from '../events.ts';
import type { UserId } from '../ids.ts';
import { newerRelease } from '../release.ts';
import type { NewActivity } from './activity.ts';
import type { Assignment, Lease } from './assignee.ts';
import type { Group } from './group.ts';

/**
 * Several groups that become one: the others' events, followers and history are the primary's from
 * now on.
 */
export type Merge = { readonly primary: Group; readonly children: readonly Group[] };

/**
 * Groups of one project, of errors, can be merged. Throws `request.invalid` for others; a single
 * group is none.
 */
export function requireMergeable(groups: readonly Group[]): void {
  if (new Set(groups.map(({ projectId }) => projectId)).size > 1) {
    throw invalidRequest('Merging across multiple projects is not supported');
  }
  if (groups.some(isNoError)) {
    throw invalidRequest('Only error issues can be merged.');
  }
}

/** Errors can be discarded. Throws `request.invalid` for others. */
export function requireDiscardable(groups: readonly Group[]): void {
  if (groups.some(isNoError)) {
    throw invalidRequest('Only error issues can be discarded.');
  }
}

/**
 * The group that was seen most often takes in the others; of several the one with the highest id.
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

/** A group that is being merged into another: nobody sees it any more. */
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

/** What the primary's history says of a merge. */
export function mergeActivity(
  children: readonly Group[],
  actingUserId: UserId | null,
): NewActivity {
  return {
    type: 'merge',
    userId: actingUserId,
    data: { issues: children.map(({ id }) => ({ id })) },
  };
}

/** Tells whoever moves what belongs to the children. */
export function groupsMerged({ primary, children }: Merge): NewEvent {
  return {
    type: 'issue.merged',
    version: primary.statusVersion,
    data: { children: children.map(({ id }) => id) },
  };
}

/**
 * What a primary counts when a child is in it, users that both happened to being left out of the
 * child's count.
 */
export function absorbCounts(primary: Group, child: Group): Group {
  return {
    ...primary,
    timesSeen: primary.timesSeen + child.timesSeen,
    userCount: primary.userCount + child.userCount,
    numComments: primary.numComments + child.numComments,
    firstSeen: child.firstSeen < primary.firstSeen ? child.firstSeen : primary.firstSeen,
    lastSeen: child.lastSeen > primary.lastSeen ? child.lastSeen : primary.lastSeen,
    environments: rememberEnvironments(primary.environments, child.environments),
    newestRelease: newerRelease(primary.newestRelease, child.newestRelease),
    snoozeBaseline: shiftBaseline(primary.snoozeBaseline, child),
  };
}

/**
 * What an archive waits for comes after it began: what happened in another group before is none of
 * it.
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

/** Who holds a child holds the primary, unless somebody does. */
export function inheritedAssignee(primary: Assignment | null, child: Assignment | null) {
  return primary?.assignee ? null : (child?.assignee ?? null);
}

/** Who inherits a child's assignment has it no longer than that; its end is told of the primary. */
export function inheritedLease(child: Assignment | null): Lease | null {
  return child?.lease === undefined ? null : { ...child.lease, isEndingTold: false };
}

function isNoError({ type }: Group): boolean {
  return type !== 'error';
}
