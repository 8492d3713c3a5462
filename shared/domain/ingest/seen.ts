import { rememberEnvironments } from '../environments.ts';
import type { Group, SnoozeBaseline } from '../issues/group.ts';
import { type GroupDraft, record } from '../issues/group-draft.ts';
import { changeStatus } from '../issues/group-status.ts';
import { compareReleases, type NamedRelease, newerRelease, type SeenRelease } from '../release.ts';
import { type SeenEvent, type SuspectCommit, shownEventId } from './seen-event.ts';

/**
 * How much later than the time on record an event has to be before it moves a group's `lastSeen`,
 * in milliseconds. Lists are sorted by it, and moving a group in an index with every batch of
 * events would make the index as hot as the group.
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
  /** What decides whether a resolved group comes back: the events of each release by themselves. */
  readonly releases: readonly ReleaseFold[];
};

/** The events of a fold that name the same release, or none. */
export type ReleaseFold = {
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
    releases: [...Map.groupBy(events, ({ release }) => release)].map(foldRelease),
  };
}

function foldRelease([release, events]: [string | null, SeenEvent[]]): ReleaseFold {
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
  place: Pick<Group, 'id' | 'organizationId' | 'projectId' | 'shortId'>,
  event: SeenEvent,
  fold: SeenFold,
  releases: ReleasesFirstSeen,
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
    newestRelease: newestOf(null, fold, releases),
    resolvedAfter: null,
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
 * Counts events on the draft's group, and changes its status where they end what somebody decided:
 * a resolved group regresses when it is seen after it was resolved, in a release that the resolve
 * did not allow for; an archive ends when its conditions on events or users are met.
 *
 * @param newUsers how many of the fold's users the group has not happened to before
 * @param resolvedAt when the group was resolved; null where that is not on record: then any event
 * later than the last counts
 */
export function countSeen(
  draft: GroupDraft,
  fold: SeenFold,
  {
    newUsers,
    resolvedAt,
    releases,
  }: {
    readonly newUsers: number;
    readonly resolvedAt: string | null;
    readonly releases: ReleasesFirstSeen;
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
    newestRelease: newestOf(before.newestRelease, fold, releases),
  };
  const next = { ...draft, group: counted };
  if (before.status === 'resolved') {
    const since = resolvedAt ?? before.lastSeen;
    const cause = fold.releases.find(
      ({ release, lastSeen }) => lastSeen > since && reopens(before, release, releases),
    );
    return cause === undefined ? next : regress(next, fold, cause.eventId);
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
  fold: SeenFold,
  releases: ReleasesFirstSeen,
): SeenRelease | null {
  return fold.releases.reduce<SeenRelease | null>((newest, { release, firstSeen }) => {
    if (release === null || release === newest?.version) {
      return newest;
    }
    const seen = { version: release, firstSeen: releases.get(release) ?? firstSeen };
    return newerRelease(newest, seen);
  }, before);
}

function isWorthMoving(lastSeen: string, seenAt: string): boolean {
  return Date.parse(seenAt) - Date.parse(lastSeen) >= lastSeenGrainMs;
}

/**
 * A group that comes back is news: it is shown where it was seen last, and waits for a review
 * again.
 */
function regress(draft: GroupDraft, fold: SeenFold, eventId: string): GroupDraft {
  const { group: before, facts } = draft;
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
    lastSeen: fold.lastSeen > before.lastSeen ? fold.lastSeen : before.lastSeen,
  };
  return record(
    { ...draft, group },
    {
      activity: {
        type: 'set_regression',
        userId: null,
        data: { event_id: eventId },
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
 * Ends the archive when enough has come since it began. A window begins with the archive and again
 * with the first event after it has passed, and only what comes within it counts; events and users
 * each have a window of their own.
 */
function waitOn(draft: GroupDraft, before: Group): GroupDraft {
  const baseline = before.snoozeBaseline;
  if (baseline === null) {
    return draft;
  }
  const { ignoreCount, ignoreWindow, ignoreUserCount, ignoreUserWindow } = before.statusDetails;
  const since = renewWindows(baseline, before, draft.now, { ignoreWindow, ignoreUserWindow });
  const { group } = draft;
  const isMet =
    reaches(group.timesSeen - since.timesSeen, ignoreCount) ||
    reaches(group.userCount - since.userCount, ignoreUserCount);
  if (isMet) {
    return changeStatus(draft, {
      status: 'unresolved',
      substatus: 'ongoing',
      resolvedIn: null,
      conditions: {},
    });
  }
  return since === baseline ? draft : { ...draft, group: { ...group, snoozeBaseline: since } };
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
