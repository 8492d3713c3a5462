import { rememberEnvironments } from '../environments.ts';
import type { Group, SnoozeBaseline } from '../issues/group.ts';
import { type GroupChanges, record } from '../issues/group-changes.ts';
import { changeStatus } from '../issues/group-status.ts';
import { compareReleases, type NamedRelease, newerRelease, type SeenRelease } from '../release.ts';
import { type SeenEvent, type SuspectCommit, shownEventId } from './seen-event.ts';

/**
 * How much later than the time on record an event has to be before it moves a group's `lastSeen`,
 * in milliseconds. Lists are sorted by it, and moving a group in an index with every batch of
 * events would make the index as hot as the group.
 */
export const LAST_SEEN_GRAIN_MS = 60_000;

/** Events of one group that are counted together. */
export type SeenAggregate = {
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
  /** What decides whether a resolved group comes back: the events of each release by themselves. */
  readonly releases: readonly ReleaseAggregate[];
};

/** The events of a fold that name the same release, or none. */
type ReleaseAggregate = {
  readonly release: string | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The latest of them. */
  readonly eventId: string;
};

/**
 * When releases that events or a resolve name were first seen in the project. One that is missing
 * was not yet.
 */
export type ReleasesFirstSeen = ReadonlyMap<string, string>;

/** Folds events of one group, at least one, in whatever order they came. */
export function aggregateSeen(events: readonly SeenEvent[]): SeenAggregate {
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
    releases: [...Map.groupBy(events, ({ release }) => release)].map(aggregateRelease),
  };
}

function aggregateRelease([release, events]: [string | null, SeenEvent[]]): ReleaseAggregate {
  const inOrder = events.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  return {
    release,
    firstSeen: first?.timestamp ?? '',
    lastSeen: last?.timestamp ?? '',
    eventId: shownEventId(last?.eventId ?? ''),
  };
}

/** A group that events begin. */
export function beginGroup(
  ids: Pick<Group, 'id' | 'organizationId' | 'projectId' | 'shortId'>,
  event: SeenEvent,
  aggregate: SeenAggregate,
  releases: ReleasesFirstSeen,
): Group {
  return {
    ...ids,
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
    newestRelease: newestOf(null, aggregate, releases),
    resolvedAfter: null,
    priority: null,
    priorityLockedAt: null,
    inInbox: true,
    timesSeen: aggregate.count,
    userCount: aggregate.users.length,
    numComments: 0,
    linked: false,
    firstSeen: aggregate.firstSeen,
    lastSeen: aggregate.lastSeen,
    environments: rememberEnvironments([], aggregate.environments),
    metadata: {},
  };
}

/**
 * Counts events on the group of the changes, and changes its status where they end what somebody
 * decided: a resolved group regresses when it is seen after it was resolved, in a release that the
 * resolve did not allow for; an archive ends when its conditions on events or users are met.
 *
 * @param newUsers how many of the fold's users the group has not happened to before
 * @param resolvedAt when the group was resolved; null where that is not on record: then any event
 * later than the last counts
 */
export function countSeen(
  changes: GroupChanges,
  aggregate: SeenAggregate,
  {
    newUsers,
    resolvedAt,
    releases,
  }: {
    readonly newUsers: number;
    readonly resolvedAt: string | null;
    readonly releases: ReleasesFirstSeen;
  },
): GroupChanges {
  const before = changes.group;
  const counted: Group = {
    ...before,
    timesSeen: before.timesSeen + aggregate.count,
    userCount: before.userCount + newUsers,
    firstSeen: aggregate.firstSeen < before.firstSeen ? aggregate.firstSeen : before.firstSeen,
    lastSeen: isWorthMoving(before.lastSeen, aggregate.lastSeen)
      ? aggregate.lastSeen
      : before.lastSeen,
    environments: rememberEnvironments(before.environments, aggregate.environments),
    newestRelease: newestOf(before.newestRelease, aggregate, releases),
  };
  const next = { ...changes, group: counted };
  if (before.status === 'resolved') {
    const since = resolvedAt ?? before.lastSeen;
    const cause = aggregate.releases.find(
      ({ release, lastSeen }) => lastSeen > since && reopens(before, release, releases),
    );
    return cause === undefined ? next : regress(next, aggregate, cause.eventId);
  }
  return waitsForCounts(before) ? waitOn(next, before) : next;
}

/**
 * Whether a group is archived until so many events or users have come, so that its counts must be
 * exact when they are judged.
 */
export function waitsForCounts({ status, statusDetails, snoozeBaseline }: Group): boolean {
  const { ignoreCount, ignoreUserCount } = statusDetails;
  return (
    status === 'ignored' &&
    snoozeBaseline !== null &&
    (typeof ignoreCount === 'number' || typeof ignoreUserCount === 'number')
  );
}

/**
 * Whether an event of this release brings a resolved group back. One without a release does not
 * where a release is on record that the problem ends with: as in Sentry, it counts as older than
 * every release.
 */
function reopens(group: Group, release: string | null, releases: ReleasesFirstSeen): boolean {
  const { inRelease } = group.statusDetails;
  const after = group.resolvedAfter;
  if (typeof inRelease === 'string') {
    return release !== null && compareReleases(named(release), named(inRelease)) >= 0;
  }
  if (after !== null) {
    return release !== null && compareReleases(named(release), after) > 0;
  }
  return true;

  function named(version: string): NamedRelease {
    const known = [group.newestRelease, after].find((one) => one?.version === version);
    return known ?? { version, firstSeen: releases.get(version) ?? null };
  }
}

function newestOf(
  before: SeenRelease | null,
  aggregate: SeenAggregate,
  releases: ReleasesFirstSeen,
): SeenRelease | null {
  return aggregate.releases.reduce<SeenRelease | null>((newest, { release, firstSeen }) => {
    if (release === null || release === newest?.version) {
      return newest;
    }
    const seen = { version: release, firstSeen: releases.get(release) ?? firstSeen };
    return newerRelease(newest, seen);
  }, before);
}

function isWorthMoving(lastSeen: string, seenAt: string): boolean {
  return Date.parse(seenAt) - Date.parse(lastSeen) >= LAST_SEEN_GRAIN_MS;
}

/**
 * A group that comes back is news: it is shown where it was seen last, and waits for a review
 * again.
 */
function regress(changes: GroupChanges, aggregate: SeenAggregate, eventId: string): GroupChanges {
  const { group: before, facts } = changes;
  const version = before.statusVersion + 1;
  const group: Group = {
    ...before,
    status: 'unresolved',
    substatus: 'regressed',
    statusDetails: {},
    statusVersion: version,
    snoozeBaseline: null,
    resolvedAfter: null,
    inInbox: true,
    lastSeen: aggregate.lastSeen > before.lastSeen ? aggregate.lastSeen : before.lastSeen,
  };
  return record(
    { ...changes, group },
    {
      activity: {
        type: 'set_regression',
        userId: null,
        data: { event_id: eventId },
        history: 'regressed',
      },
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
 * Ends the archive when enough has come since it began. A window begins with the archive and again
 * with the first event after it has passed, and only what comes within it counts; events and users
 * each have a window of their own.
 */
function waitOn(changes: GroupChanges, before: Group): GroupChanges {
  const baseline = before.snoozeBaseline;
  if (baseline === null) {
    return changes;
  }
  const { ignoreCount, ignoreWindow, ignoreUserCount, ignoreUserWindow } = before.statusDetails;
  const since = renewWindows(baseline, before, changes.now, { ignoreWindow, ignoreUserWindow });
  const { group } = changes;
  const isMet =
    reaches(group.timesSeen - since.timesSeen, ignoreCount) ||
    reaches(group.userCount - since.userCount, ignoreUserCount);
  if (isMet) {
    return changeStatus(changes, {
      status: 'unresolved',
      substatus: 'ongoing',
      resolvedIn: null,
      conditions: {},
    });
  }
  return since === baseline ? changes : { ...changes, group: { ...group, snoozeBaseline: since } };
}

type Detail = string | number | boolean | undefined;

function renewWindows(
  baseline: SnoozeBaseline,
  before: Group,
  now: string,
  windows: { readonly ignoreWindow: Detail; readonly ignoreUserWindow: Detail },
): SnoozeBaseline {
  const usersAt = baseline.usersAt ?? baseline.at;
  const eventsRenew = hasPassed(windows.ignoreWindow, baseline.at, now);
  const usersRenew = hasPassed(windows.ignoreUserWindow, usersAt, now);
  if (!eventsRenew && !usersRenew) {
    return baseline;
  }
  return {
    timesSeen: eventsRenew ? before.timesSeen : baseline.timesSeen,
    at: eventsRenew ? now : baseline.at,
    userCount: usersRenew ? before.userCount : baseline.userCount,
    usersAt: usersRenew ? now : usersAt,
  };
}

function reaches(count: number, wanted: Detail): boolean {
  return typeof wanted === 'number' && count >= wanted;
}

function hasPassed(minutes: Detail, at: string, now: string): boolean {
  return (
    typeof minutes === 'number' &&
    minutes > 0 &&
    Date.parse(now) - Date.parse(at) > minutes * 60_000
  );
}
