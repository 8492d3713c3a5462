import type { GroupId } from '../../domain/ids.ts';
import {
  aggregateSeen,
  countSeen,
  type SeenAggregate,
  waitsForCounts,
} from '../../domain/ingest/seen.ts';
import type { SeenEvent } from '../../domain/ingest/seen-event.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import { isDiscarded } from '../../domain/projects/deletion.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { DeliveryStore } from '../../stores/ingest/event-deliveries.ts';
import type { SeenGroupStore, SeenWrite } from '../../stores/ingest/seen-groups.ts';
import type { ActivityStore } from '../../stores/issues/activities.ts';
import type { GroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { TransactOutcome } from '../../stores/transaction.ts';
import { type BatchProject, refreshProject } from './batch-project.ts';
import {
  type BeginGroupsDeps,
  type CountedGroup,
  commitBirths,
  eventIdsOf,
  type NewTarget,
  notes,
  prepareBirth,
} from './begin-groups.ts';
import { firstSeenOfReleases } from './first-seen-of-releases.ts';
import { readOwnerGates } from './seen-gates.ts';

export type CountEventsDeps = BeginGroupsDeps & {
  readonly groups: Pick<GroupStore, 'byId'>;
  readonly activities: Pick<ActivityStore, 'ofGroup'>;
  readonly deliveries: Pick<DeliveryStore, 'known'>;
  readonly seenGroups: Pick<SeenGroupStore, 'ofFingerprints' | 'usersAmong' | 'count'>;
  readonly newId: () => string;
  readonly newEventId: () => string;
};

/** The group that events are of: there already, or to be begun. */
export type EventsTarget = { readonly kind: 'known'; readonly row: GroupRow } | NewTarget;

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
  target: NewTarget,
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
  const isError = group.type === 'error';
  const [seenBefore, owners, resolvedAt, releases] = await Promise.all([
    deps.seenGroups.usersAmong(group.id, aggregate.users),
    readOwnerGates(deps, { group, organization, isError, begun: false }, aggregate),
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
  const outcome = await deps.seenGroups.count(
    changes,
    { isExact: waitsForCounts(group), events: notes(events, owners.unfinished, newUsers, now) },
    { newId: deps.newId, newEventId: deps.newEventId, requestId, actor: null },
  );
  return { outcome, groupId: group.id, isError, ...owners, keptEventId: null };
}

/** Begins one group; where its number is taken, further along. */
async function begin(
  deps: CountEventsDeps,
  batchProject: BatchProject,
  target: NewTarget,
  step: Step,
): Promise<Stepped> {
  const birth = await prepareBirth(deps, batchProject, { ...step, target });
  const outcome = await commitBirths(deps, batchProject, [birth], target.skip);
  return { ...birth.counted, outcome };
}

async function whenResolved(deps: CountEventsDeps, groupId: GroupId): Promise<string | null> {
  const { activities } = await deps.activities.ofGroup({ groupId, limit: ACTIVITIES_LOOKED_AT });
  return activities.find(({ type }) => type.startsWith('set_resolved'))?.dateCreated ?? null;
}
