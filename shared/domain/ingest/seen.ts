import { rememberEnvironments } from '../environments.ts';
import type { Group, StatusDetails } from '../issues/group.ts';
import { type GroupDraft, record } from '../issues/group-draft.ts';
import { changeStatus } from '../issues/group-status.ts';
import { type SeenEvent, type SuspectCommit, shownEventId } from './seen-event.ts';

/**
 * How much later than the time on record an event has to be before it moves a group's `lastSeen`, in milliseconds. Lists
 * are sorted by it, and moving a group in an index with every batch of events would make the index as hot as the group.
 */
export const lastSeenGrainMs = 60_000;

/** Events of one group that are counted together. */
export type SeenFold = {
  readonly count: number;
  /** Times of the earliest and of the latest event. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Whom the events happened to, each once. */
  readonly users: readonly string[];
  /** Where the events happened, each once. */
  readonly environments: readonly string[];
  /** The event nearest to now whose owners are to be evaluated; null where all were reprocessed. */
  readonly latest: SeenEvent | null;
  /** The commits that events name, of those whose owners are to be evaluated. */
  readonly commits: readonly SuspectCommit[];
};

/** Folds events of one group, at least one, in whatever order they came. */
export function foldSeen(events: readonly SeenEvent[]): SeenFold {
  const times = events.map(({ timestamp }) => timestamp).sort();
  const fresh = events.filter(({ isReprocessed }) => !isReprocessed);
  const latest = fresh.reduce<SeenEvent | null>(
    (best, event) => (best === null || event.timestamp >= best.timestamp ? event : best),
    null,
  );
  return {
    count: events.length,
    firstSeen: times[0] ?? '',
    lastSeen: times.at(-1) ?? '',
    users: [...new Set(events.flatMap(({ user }) => user ?? []))],
    environments: [...new Set(events.flatMap(({ environment }) => environment ?? []))],
    latest,
    commits: fresh.flatMap(({ commit }) => commit ?? []),
  };
}

/** A group that events begin. */
export function beginGroup(
  place: Pick<Group, 'id' | 'organizationId' | 'projectId' | 'shortId'>,
  event: SeenEvent,
  fold: SeenFold,
): Group {
  return {
    ...place,
    title: event.title,
    culprit: event.culprit,
    level: event.level,
    type: 'error',
    platform: event.platform,
    status: 'unresolved',
    substatus: 'new',
    statusDetails: {},
    statusVersion: 0,
    snoozeBaseline: null,
    priority: null,
    priorityLockedAt: null,
    inInbox: true,
    timesSeen: fold.count,
    userCount: fold.users.length,
    firstSeen: fold.firstSeen,
    lastSeen: fold.lastSeen,
    environments: rememberEnvironments([], fold.environments),
    metadata: {},
  };
}

/**
 * Counts events on the draft's group, and changes its status where they end what somebody decided: a resolved group
 * regresses when it is seen after it was resolved, an archive ends when its conditions on events or users are met.
 *
 * @param newUsers how many of the fold's users the group has not happened to before
 * @param resolvedAt when the group was resolved; null where that is not on record: then any event later than the last counts
 */
export function countSeen(
  draft: GroupDraft,
  fold: SeenFold,
  {
    newUsers,
    resolvedAt,
  }: {
    readonly newUsers: number;
    readonly resolvedAt: string | null;
  },
): GroupDraft {
  const before = draft.group;
  const counted: Group = {
    ...before,
    timesSeen: before.timesSeen + fold.count,
    userCount: before.userCount + newUsers,
    firstSeen: fold.firstSeen < before.firstSeen ? fold.firstSeen : before.firstSeen,
    lastSeen: isWorthMoving(before.lastSeen, fold.lastSeen) ? fold.lastSeen : before.lastSeen,
    environments: rememberEnvironments(before.environments, fold.environments),
  };
  const next = { ...draft, group: counted };
  if (before.status === 'resolved')
    return fold.lastSeen > (resolvedAt ?? before.lastSeen) ? regress(next, fold) : next;
  return waitsForCounts(before) ? waitOn(next, before) : next;
}

/** Whether a group is archived until so many events or users have come, so that its counts must be exact when they are judged. */
export function waitsForCounts({ status, statusDetails, snoozeBaseline }: Group): boolean {
  const { ignoreCount, ignoreUserCount } = statusDetails;
  return (
    status === 'ignored' &&
    snoozeBaseline !== null &&
    (typeof ignoreCount === 'number' || typeof ignoreUserCount === 'number')
  );
}

function isWorthMoving(lastSeen: string, seenAt: string): boolean {
  return Date.parse(seenAt) - Date.parse(lastSeen) >= lastSeenGrainMs;
}

/** A group that comes back is news: it is shown where it was seen last, and waits for a review again. */
function regress(draft: GroupDraft, fold: SeenFold): GroupDraft {
  const { group: before, facts } = draft;
  const version = before.statusVersion + 1;
  const group: Group = {
    ...before,
    status: 'unresolved',
    substatus: 'regressed',
    statusDetails: {},
    statusVersion: version,
    snoozeBaseline: null,
    inInbox: true,
    lastSeen: fold.lastSeen > before.lastSeen ? fold.lastSeen : before.lastSeen,
  };
  return record(
    { ...draft, group },
    {
      activity: {
        type: 'set_regression',
        userId: null,
        data: fold.latest === null ? null : { event_id: shownEventId(fold.latest.eventId) },
      },
      history: { status: 'regressed', userId: null },
      event: {
        type: 'issue.status_changed',
        version,
        data: {
          status: 'unresolved',
          substatus: 'regressed',
          previous: { status: facts.group.status, substatus: facts.group.substatus },
          source: null,
        },
      },
    },
  );
}

/**
 * Ends the archive when enough has come since it began. A window begins with the archive and again with the first event
 * after it has passed, and only what comes within it counts.
 */
function waitOn(draft: GroupDraft, before: Group): GroupDraft {
  const baseline = before.snoozeBaseline;
  if (baseline === null) return draft;
  const since = hasPassed(before.statusDetails, baseline.at, draft.now)
    ? { timesSeen: before.timesSeen, userCount: before.userCount, at: draft.now }
    : baseline;
  const { group } = draft;
  const isMet =
    reaches(group.timesSeen - since.timesSeen, before.statusDetails.ignoreCount) ||
    reaches(group.userCount - since.userCount, before.statusDetails.ignoreUserCount);
  if (isMet)
    return changeStatus(draft, {
      status: 'unresolved',
      substatus: 'ongoing',
      resolvedIn: null,
      conditions: {},
    });
  return since === baseline ? draft : { ...draft, group: { ...group, snoozeBaseline: since } };
}

function reaches(count: number, wanted: StatusDetails[string] | undefined): boolean {
  return typeof wanted === 'number' && count >= wanted;
}

/** Of two windows the longer one counts: what began in either may still be completed in it. */
function hasPassed(details: StatusDetails, at: string, now: string): boolean {
  const windows = [details.ignoreWindow, details.ignoreUserWindow].filter(
    (minutes) => typeof minutes === 'number' && minutes > 0,
  ) as number[];
  if (windows.length === 0) return false;
  return Date.parse(now) - Date.parse(at) > Math.max(...windows) * 60_000;
}
