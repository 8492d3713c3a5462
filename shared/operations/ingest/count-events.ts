import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCacheEntry, OwnerCaches } from '../../cache/owner-caches.ts';
import type { Sequence } from '../../cache/sequence.ts';
import type { GroupId } from '../../domain/ids.ts';
import {
  aggregateSeen,
  beginGroup,
  countSeen,
  type SeenAggregate,
  waitsForCounts,
} from '../../domain/ingest/seen.ts';
import { type SeenEvent, shownEventId } from '../../domain/ingest/seen-event.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import { keepForRules } from '../../domain/ownership/keep-for-rules.ts';
import { isDiscarded } from '../../domain/projects/deletion.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { DeliveryStore } from '../../stores/ingest/event-deliveries.ts';
import type { CountedEvents, SeenGroupStore, SeenWrite } from '../../stores/ingest/seen-groups.ts';
import type { ActivityStore } from '../../stores/issues/activities.ts';
import type { GroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { TransactOutcome } from '../../stores/transaction.ts';
import type { Clock, Count } from '../deps.ts';
import type { SeenProject } from './find-seen-project.ts';
import {
  firstSeenOfReleases,
  type ReleasesOfBatch,
  type SeenReleasesDeps,
} from './first-seen-of-releases.ts';

export type CountEventsDeps = SeenReleasesDeps & {
  readonly groups: Pick<GroupStore, 'byId'>;
  readonly projects: Pick<ProjectStore, 'withTeams'>;
  readonly activities: Pick<ActivityStore, 'ofGroup'>;
  readonly deliveries: Pick<DeliveryStore, 'known'>;
  readonly seenGroups: Pick<SeenGroupStore, 'ofFingerprints' | 'usersAmong' | 'begin' | 'count'>;
  readonly ownerCaches: Pick<OwnerCaches, 'read'>;
  readonly sequence: Pick<Sequence, 'mint'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly count: Count;
};

/** The group that events are of: there already, or to be begun. */
export type EventsTarget =
  | { readonly kind: 'known'; readonly row: GroupRow }
  | {
      readonly kind: 'new';
      /** A fresh id, if one was minted ahead. */
      readonly id: string | undefined;
      readonly fingerprint: string;
      /** The group that the fingerprint led to, and that is gone. */
      readonly stale: string | null;
      /**
       * How far the project's counter moves for its short id; more than 1 where numbers are taken.
       */
      readonly skip: number;
    };

/**
 * The project of a batch: what is begun in it moves its counter. Its releases are asked for once a
 * batch.
 */
export type BatchProject = { current: SeenProject; readonly releases: ReleasesOfBatch };

/** Events that were counted, all of them new. */
export type CountedGroup = {
  readonly groupId: GroupId;
  readonly aggregate: SeenAggregate;
  /** What the caches knew of the group just before. */
  readonly cached: CacheResult<OwnerCacheEntry>;
  /** Whether it is an error: the owners of anything else are nobody's business. */
  readonly isError: boolean;
  /** The event that is noted as unfinished until its owners were evaluated; null for none. */
  readonly unfinished: string | null;
};

/** A resolve is found among so many of the latest activities, or counts as long ago. */
const ACTIVITIES_LOOKED_AT = 100;

/**
 * Counts new events of one group in one transaction with the notes that they were counted: on the
 * group as it is, or on one that they begin. Where rows moved meanwhile, all is read and decided
 * again. Undefined where there was nothing left to count, since others had done it, or the project
 * is being deleted. Throws where the group vanished or others keep writing to it: then the events
 * come again.
 */
export async function countEvents(
  deps: CountEventsDeps,
  batchProject: BatchProject,
  input: EventsOfGroup & { readonly requestId: string },
): Promise<CountedGroup | undefined> {
  let refusal: RefusedCount | undefined;
  return redecide(async () => {
    const work = refusal === undefined ? input : await workAgain(deps, batchProject, refusal);
    if (work === undefined) {
      return undefined;
    }
    const { events, target } = work;
    const aggregate = aggregateSeen(events);
    const step = { events, aggregate, requestId: input.requestId };
    const { outcome, ...counted } =
      target.kind === 'known'
        ? await countOn(deps, batchProject, target.row, step)
        : await begin(deps, batchProject, target, step);
    if (outcome.committed) {
      return { ...counted, aggregate };
    }
    refusal = { ...work, outcome };
    return AGAIN;
  });
}

/** Events of one group, and the group. */
type EventsOfGroup = { readonly events: readonly SeenEvent[]; readonly target: EventsTarget };

type RefusedCount = EventsOfGroup & {
  readonly outcome: Extract<TransactOutcome<SeenWrite>, { committed: false }>;
};

/** The events that nobody has counted yet, and their group as it is now; undefined for none. */
async function workAgain(
  deps: CountEventsDeps,
  batchProject: BatchProject,
  { events, target, outcome }: RefusedCount,
): Promise<EventsOfGroup | undefined> {
  const projectId = batchProject.current.project.project.id;
  const known = await deps.deliveries.known(projectId, eventIdsOf(events), deps.clock());
  const left = events.filter(({ eventId }) => !known.has(eventId));
  if (left.length === 0) {
    return undefined;
  }
  const next =
    target.kind === 'known'
      ? await readAgain(deps, target.row)
      : await resolveAgain(deps, batchProject, target, outcome);
  return next && { events: left, target: next };
}

async function readAgain(deps: CountEventsDeps, { group }: GroupRow): Promise<EventsTarget> {
  const row = await deps.groups.byId(group.id);
  if (row === undefined || !isVisible(row.group.status)) {
    throw new Error('The group of an event has vanished.');
  }
  return { kind: 'known', row };
}

/**
 * Where a fingerprint leads now; an id that somebody else has is not tried again. Undefined where
 * the project is being deleted, or its group was discarded.
 */
async function resolveAgain(
  deps: CountEventsDeps,
  batchProject: BatchProject,
  target: Extract<EventsTarget, { kind: 'new' }>,
  { refused }: Extract<TransactOutcome<SeenWrite>, { committed: false }>,
): Promise<EventsTarget | undefined> {
  const { fingerprint } = target;
  const projectId = batchProject.current.project.project.id;
  const isMoved = refused.includes('project');
  if (isMoved && !(await refreshProject(deps, batchProject))) {
    return undefined;
  }
  const id = refused.includes('group') ? undefined : target.id;
  // A project that had the slug before may have left short ids with its numbers; they come in runs.
  const skip = refused.includes('short id') && !isMoved ? target.skip * 2 : 1;
  const found = await deps.seenGroups.ofFingerprints(projectId, [fingerprint]);
  const groupId = found.get(fingerprint) ?? null;
  const row = groupId === null ? undefined : await deps.groups.byId(groupId);
  const there = row && eventsGoTo(row);
  if (there === 'nowhere') {
    return undefined;
  }
  return there ?? { kind: 'new', id, fingerprint, stale: groupId, skip };
}

/** Where events of a fingerprint go that leads to a group; undefined where they begin another. */
function eventsGoTo(row: GroupRow): EventsTarget | 'nowhere' | undefined {
  const { group } = row;
  if (isVisible(group.status)) {
    return { kind: 'known', row };
  }
  if (group.status === 'pending_merge') {
    throw new Error('The group of an event is merging.');
  }
  return isDiscarded(group) ? 'nowhere' : undefined;
}

type Step = {
  readonly events: readonly SeenEvent[];
  readonly aggregate: SeenAggregate;
  readonly requestId: string;
};

type Stepped = Omit<CountedGroup, 'aggregate'> & { readonly outcome: TransactOutcome<SeenWrite> };

async function countOn(
  deps: CountEventsDeps,
  { current: { organization }, releases: known }: BatchProject,
  row: GroupRow,
  { events, aggregate, requestId }: Step,
): Promise<Stepped> {
  const { group, shareId } = row;
  const [seenBefore, cached, resolvedAt, releases] = await Promise.all([
    deps.seenGroups.usersAmong(group.id, aggregate.users),
    deps.ownerCaches.read(
      { organizationId: organization.id, projectId: group.projectId },
      group.id,
    ),
    group.status === 'resolved' ? whenResolved(deps, group.id) : null,
    firstSeenOfReleases(deps, known, { projectId: group.projectId, group, aggregate }),
  ]);
  const newUsers = aggregate.users.filter((user) => !seenBefore.has(user));
  const now = deps.clock();
  const facts = {
    group,
    organization,
    assignment: null,
    followers: [],
    shareId,
  };
  const changes = countSeen(startChanges(facts, { now, actingUserId: null }), aggregate, {
    newUsers: newUsers.length,
    resolvedAt,
    releases,
  });
  const isError = group.type === 'error';
  const unfinished = isError ? unfinishedOf(aggregate, cached) : null;
  const outcome = await deps.seenGroups.count(
    changes,
    { isExact: waitsForCounts(group), events: notes(events, unfinished, newUsers, now) },
    { newId: deps.newId, newEventId: deps.newEventId, requestId, actor: null },
  );
  return { outcome, groupId: group.id, isError, cached, unfinished };
}

async function begin(
  deps: CountEventsDeps,
  batchProject: BatchProject,
  target: Extract<EventsTarget, { kind: 'new' }>,
  { events, aggregate }: Step,
): Promise<Stepped> {
  const { project, teamIds } = batchProject.current.project;
  const [first] = [...events].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  const id = target.id ?? (await deps.sequence.mint('group'))[0];
  if (first === undefined || id === undefined) {
    throw new Error('A group needs an event and an id.');
  }
  const shortIdCounter = project.shortIdCounter + target.skip;
  const shortId = `${project.slug.toUpperCase()}-${shortIdCounter}`;
  const { organizationId, id: projectId } = project;
  const releases = await firstSeenOfReleases(deps, batchProject.releases, {
    projectId,
    group: null,
    aggregate,
  });
  const group = beginGroup({ id, organizationId, projectId, shortId }, first, aggregate, releases);
  const { latest } = aggregate;
  const kept = latest === null ? null : keepForRules(latest.event);
  const cached = await deps.ownerCaches.read({ organizationId, projectId }, id);
  const unfinished = latest?.eventId ?? null;
  const now = deps.clock();
  const outcome = await deps.seenGroups.begin({
    group,
    fingerprint: target.fingerprint,
    stale: target.stale,
    project,
    shortIdCounter,
    events: notes(events, unfinished, aggregate.users, now),
    evaluated: latest === null || kept === null ? null : { ...evaluatedOf(latest), event: kept },
  });
  if (outcome.committed) {
    deps.count('group_seen.begun');
    const moved = { ...project, shortIdCounter, firstEvent: project.firstEvent ?? now };
    batchProject.current = { ...batchProject.current, project: { project: moved, teamIds } };
  }
  return { outcome, groupId: id, isError: true, cached, unfinished };
}

/** Reads the project of a batch anew; false where it is being deleted. */
async function refreshProject(deps: CountEventsDeps, batchProject: BatchProject): Promise<boolean> {
  const project = await deps.projects.withTeams(batchProject.current.project.project.id);
  if (project?.project.status !== 'active') {
    return false;
  }
  batchProject.current = { ...batchProject.current, project };
  return true;
}

/**
 * Owners are left to be evaluated where the caches do not rule it out, and where a commit names
 * one.
 */
function unfinishedOf(
  aggregate: SeenAggregate,
  cached: CacheResult<OwnerCacheEntry>,
): string | null {
  const isRuledOut =
    cached.ok && (cached.value.assigneeExists === true || cached.value.evaluatedAtSeconds !== null);
  return isRuledOut && aggregate.commits.length === 0 ? null : (aggregate.latest?.eventId ?? null);
}

async function whenResolved(deps: CountEventsDeps, groupId: GroupId): Promise<string | null> {
  const { activities } = await deps.activities.ofGroup({ groupId, limit: ACTIVITIES_LOOKED_AT });
  return activities.find(({ type }) => type.startsWith('set_resolved'))?.dateCreated ?? null;
}

function notes(
  events: readonly SeenEvent[],
  unfinished: string | null,
  newUsers: readonly string[],
  now: string,
): CountedEvents {
  return { eventIds: eventIdsOf(events), unfinished, newUsers, now };
}

function eventIdsOf(events: readonly SeenEvent[]): string[] {
  return events.map(({ eventId }) => eventId);
}

function evaluatedOf({ eventId, timestamp, platform }: SeenEvent) {
  return { eventId: shownEventId(eventId), timestamp, platform };
}
