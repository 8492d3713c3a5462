import type { SeenRelease } from '../release.ts';
import { sameValue } from '../same-value.ts';
import type { ActivityData, ActivityType } from './activity.ts';
import { subscribeUnlessFollower } from './followers.ts';
import type { Group, GroupPriority, GroupStatus, GroupSubstatus, StatusDetails } from './group.ts';
import { type GroupChanges, record } from './group-changes.ts';

/** What an archive waits for. Durations and windows are minutes. */
export type IgnoreConditions = {
  readonly ignoreDuration?: number;
  readonly ignoreCount?: number;
  readonly ignoreWindow?: number;
  readonly ignoreUserCount?: number;
  readonly ignoreUserWindow?: number;
};

/** Which release resolves a group; absent for a plain resolve. */
export type ResolvedIn =
  /**
   * `newestOfProject` is what the next release comes after for a group that was seen in none;
   * absent where none is known.
   */
  | { readonly kind: 'nextRelease' | 'upcomingRelease'; readonly newestOfProject?: SeenRelease }
  | { readonly kind: 'release'; readonly version: string };

/** A status as a caller asks for it. */
export type StatusRequest = {
  readonly status: GroupStatus;
  readonly substatus: GroupSubstatus | null;
  readonly resolvedIn: ResolvedIn | null;
  readonly conditions: IgnoreConditions;
  /** The integration whose news it was; null for a caller or a schedule. */
  readonly source?: string | null;
};

/** The substatuses that go with each status, the default first. */
export const substatusesOf: Readonly<Record<GroupStatus, readonly GroupSubstatus[]>> = {
  unresolved: ['ongoing', 'escalating', 'regressed', 'new'],
  resolved: [],
  ignored: ['archived_until_escalating', 'archived_until_condition_met', 'archived_forever'],
};

/** The status that a substatus belongs to. */
export function statusOfSubstatus(substatus: GroupSubstatus): GroupStatus {
  return substatusesOf.ignored.includes(substatus) ? 'ignored' : 'unresolved';
}

/**
 * Sets a group's status. A resolved group that is resolved again, and a state that is there
 * already, change nothing. Whoever resolves is subscribed; a review ends when a group is resolved
 * or archived.
 */
export function changeStatus(changes: GroupChanges, request: StatusRequest): GroupChanges {
  const subscribed = subscribeResolver(changes, request);
  const before = changes.group;
  const substatus = requestedSubstatus(request);
  const details = requestedDetails(request, changes.now);
  if (isAlready(before, request.status, substatus, details)) {
    return subscribed;
  }
  const version = before.statusVersion + 1;
  const group: Group = {
    ...before,
    status: request.status,
    substatus,
    statusDetails: details,
    statusVersion: version,
    inInbox: request.status === 'unresolved' ? before.inInbox : false,
    snoozeBaseline: hasCounts(request.conditions)
      ? { timesSeen: before.timesSeen, userCount: before.userCount, at: changes.now }
      : null,
    resolvedAfter: resolvedAfter(before, request),
  };
  return record(
    { ...subscribed, group },
    {
      activity: {
        type: activityOf(request),
        userId: changes.actingUserId,
        data: activityData(request, details),
        history: request.status,
      },
      event: {
        type: 'issue.status_changed',
        version,
        data: {
          status: request.status,
          substatus,
          previous: { status: before.status, substatus: before.substatus },
          source: request.source ?? null,
        },
      },
    },
  );
}

/** Sets a group's priority and locks it against automatic changes, also where it is the same. */
export function changePriority(changes: GroupChanges, priority: GroupPriority): GroupChanges {
  const group: Group = { ...changes.group, priority, priorityLockedAt: changes.now };
  if (changes.group.priority === priority) {
    return { ...changes, group };
  }
  return record(
    { ...changes, group },
    { activity: { type: 'set_priority', userId: changes.actingUserId, data: { priority } } },
  );
}

/** Takes a group out of the inbox as reviewed, or puts it back. */
export function changeInbox(changes: GroupChanges, inInbox: boolean): GroupChanges {
  if (changes.group.inInbox === inInbox) {
    return changes;
  }
  const group: Group = { ...changes.group, inInbox };
  if (inInbox) {
    return { ...changes, group };
  }
  return record(
    { ...changes, group },
    { activity: { type: 'mark_reviewed', userId: changes.actingUserId, data: null } },
  );
}

function subscribeResolver(changes: GroupChanges, request: StatusRequest): GroupChanges {
  if (request.status !== 'resolved' || changes.group.status === 'resolved') {
    return changes;
  }
  if (changes.actingUserId === null) {
    return changes;
  }
  const user = { type: 'user', id: changes.actingUserId } as const;
  return subscribeUnlessFollower(changes, user, 'status_change');
}

function isAlready(
  group: Group,
  status: GroupStatus,
  substatus: GroupSubstatus | null,
  details: StatusDetails,
): boolean {
  if (group.status !== status) {
    return false;
  }
  if (status !== 'ignored') {
    return true;
  }
  return group.substatus === substatus && sameValue(group.statusDetails, details);
}

function requestedSubstatus(request: StatusRequest): GroupSubstatus | null {
  if (request.status === 'resolved') {
    return null;
  }
  if (request.substatus !== null) {
    return request.substatus;
  }
  if (request.status === 'ignored' && Object.keys(request.conditions).length > 0) {
    return 'archived_until_condition_met';
  }
  return substatusesOf[request.status][0] ?? null;
}

function requestedDetails(request: StatusRequest, now: string): StatusDetails {
  if (request.status === 'resolved') {
    switch (request.resolvedIn?.kind) {
      case undefined:
        return {};
      case 'nextRelease':
        return { inNextRelease: true };
      case 'upcomingRelease':
        return { inUpcomingRelease: true };
      case 'release':
        return { inRelease: request.resolvedIn.version };
    }
  }
  if (request.status !== 'ignored') {
    return {};
  }
  const { ignoreDuration, ...rest } = request.conditions;
  if (ignoreDuration === undefined) {
    return rest;
  }
  const ignoreUntil = new Date(Date.parse(now) + ignoreDuration * 60_000).toISOString();
  return { ignoreUntil, ...rest };
}

/**
 * The next release is the one after the newest that the group was seen in; of the project, where it
 * was seen in none.
 */
function resolvedAfter({ newestRelease }: Group, request: StatusRequest): SeenRelease | null {
  const { resolvedIn } = request;
  if (resolvedIn === null || resolvedIn.kind === 'release') {
    return null;
  }
  return newestRelease ?? resolvedIn.newestOfProject ?? null;
}

function hasCounts(conditions: IgnoreConditions): boolean {
  return conditions.ignoreCount !== undefined || conditions.ignoreUserCount !== undefined;
}

function activityOf(request: StatusRequest): ActivityType {
  if (request.status === 'unresolved') {
    return 'set_unresolved';
  }
  if (request.status === 'ignored') {
    return 'set_ignored';
  }
  if (request.resolvedIn === null) {
    return 'set_resolved';
  }
  return 'set_resolved_in_release';
}

function activityData(request: StatusRequest, details: StatusDetails): ActivityData | null {
  if (request.status === 'ignored') {
    return Object.keys(details).length > 0 ? details : null;
  }
  switch (request.resolvedIn?.kind) {
    case 'release':
      return { version: request.resolvedIn.version };
    case 'nextRelease':
    case 'upcomingRelease':
      return { version: '' };
    default:
      return null;
  }
}
