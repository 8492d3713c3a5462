import type { Sequence } from '../../cache/sequence.ts';
import { type EventRecord, toEventRecord } from '../../domain/events.ts';
import type { GroupId } from '../../domain/ids.ts';
import { beginGroup, type SeenAggregate } from '../../domain/ingest/seen.ts';
import { type SeenEvent, shownEventId } from '../../domain/ingest/seen-event.ts';
import type { Group } from '../../domain/issues/group.ts';
import { keepForRules } from '../../domain/ownership/keep-for-rules.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { CountedEvents } from '../../stores/ingest/counted-events.ts';
import type { NewGroup } from '../../stores/ingest/new-groups.ts';
import type { SeenGroupStore, SeenWrite } from '../../stores/ingest/seen-groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { TransactOutcome } from '../../stores/transaction.ts';
import type { Clock, Count } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { type BatchProject, refreshProject } from './batch-project.ts';
import { firstSeenOfReleases, type SeenReleasesDeps } from './first-seen-of-releases.ts';
import { type OwnersToSee, readOwnerGates, type SeenGatesDeps } from './seen-gates.ts';

export type BeginGroupsDeps = SeenReleasesDeps &
  SeenGatesDeps & {
    readonly projects: Pick<ProjectStore, 'withTeams'>;
    readonly seenGroups: Pick<SeenGroupStore, 'begin'>;
    readonly sequence: Pick<Sequence, 'mint'>;
    readonly newEventId: () => string;
    readonly clock: Clock;
    readonly count: Count;
  };

/** A group that events are to begin. */
export type NewTarget = {
  readonly kind: 'new';
  /** A fresh id, if one was minted ahead. */
  readonly id: string | undefined;
  readonly fingerprint: string;
  /** The group that the fingerprint led to, and that is gone. */
  readonly stale: string | null;
  /** How far the project's counter moves for its short id; more than 1 where numbers are taken. */
  readonly skip: number;
};

/** Events that were counted, all of them new. */
export type CountedGroup = OwnersToSee & {
  readonly groupId: GroupId;
  readonly aggregate: SeenAggregate;
  /** Whether it is an error: the owners of anything else are nobody's business. */
  readonly isError: boolean;
  /** The event that it was begun with, as it is kept; null for a group that was there. */
  readonly keptEventId: string | null;
};

/** A group as it is to be begun, but for the number in its short id. */
export type Birth = {
  readonly begun: NewGroup;
  readonly counted: CountedGroup;
  readonly requestId: string;
};

/** New events of one group. */
export type EventsOfNew = {
  readonly events: readonly SeenEvent[];
  readonly aggregate: SeenAggregate;
  readonly target: NewTarget;
  readonly requestId: string;
};

/** Reads and decides what a group is begun with. Up to three round trips. */
export async function prepareBirth(
  deps: BeginGroupsDeps,
  batchProject: BatchProject,
  { events, aggregate, target, requestId }: EventsOfNew,
): Promise<Birth> {
  const { organization } = batchProject.current;
  const { organizationId, id: projectId } = batchProject.current.project.project;
  const [first] = [...events].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  const id = target.id ?? (await deps.sequence.mint('group'))[0];
  if (first === undefined || id === undefined) {
    throw new Error('A group needs an event and an id.');
  }
  const ids = { id, organizationId, projectId };
  const [releases, owners] = await Promise.all([
    firstSeenOfReleases(deps, batchProject.releases, { projectId, group: null, aggregate }),
    readOwnerGates(deps, { group: ids, organization, isError: true, begun: true }, aggregate),
  ]);
  const { latest } = aggregate;
  const event = latest === null ? null : keepForRules(latest.event);
  const evaluated = latest === null || event === null ? null : { ...evaluatedOf(latest), event };
  return {
    begun: {
      group: beginGroup({ ...ids, shortId: '' }, first, aggregate, releases),
      fingerprint: target.fingerprint,
      stale: target.stale,
      events: notes(events, owners.unfinished, aggregate.users, deps.clock()),
      evaluated,
    },
    counted: {
      ...owners,
      groupId: id,
      aggregate,
      isError: true,
      keptEventId: evaluated?.eventId ?? null,
    },
    requestId,
  };
}

/**
 * Begins groups in one transaction, each with the next number of the project's counter, which moves
 * once, `skip` of them further than it has to. Where it commits, the project of the batch has moved
 * too.
 */
export async function commitBirths(
  deps: BeginGroupsDeps,
  batchProject: BatchProject,
  births: readonly Birth[],
  skip = 1,
): Promise<TransactOutcome<SeenWrite>> {
  const { project, teamIds } = batchProject.current.project;
  const now = deps.clock();
  const numberOf = (index: number) => project.shortIdCounter + skip + index;
  const shortIdCounter = numberOf(births.length - 1);
  const groups = births.map(({ begun, requestId }, index) => {
    const shortId = `${project.slug.toUpperCase()}-${numberOf(index)}`;
    return { ...begun, group: { ...begun.group, shortId }, requestId };
  });
  const outcome = await deps.seenGroups.begin({
    project,
    shortIdCounter,
    now,
    groups,
    told: groups.map(({ group, requestId }) => toldOfBirth(deps, group, { requestId, now })),
  });
  if (outcome.committed) {
    deps.count('group_seen.begun', {}, births.length);
    const moved = { ...project, shortIdCounter, firstEvent: project.firstEvent ?? now };
    batchProject.current = { ...batchProject.current, project: { project: moved, teamIds } };
  }
  return outcome;
}

/** Says that a group was begun; nobody did that. */
function toldOfBirth(
  deps: Pick<BeginGroupsDeps, 'newEventId'>,
  { id: groupId, organizationId, projectId, shortId, title, statusVersion }: Group,
  { requestId, now }: { readonly requestId: string; readonly now: string },
): EventRecord {
  return toEventRecord(
    { type: 'issue.created', version: statusVersion, data: { shortId, title } },
    {
      ...eventContext(deps, systemInitiator(requestId), now),
      ...{ groupId, organizationId, projectId },
    },
  );
}

/**
 * Begins several groups in one transaction, since each transaction of a project waits for its
 * counter. False where more than the counter had moved, or the project is being deleted: then each
 * is to be begun by itself. Throws where others keep moving the counter: then the events come
 * again.
 */
export function beginTogether(
  deps: BeginGroupsDeps,
  batchProject: BatchProject,
  births: readonly Birth[],
): Promise<boolean> {
  return redecide(async () => {
    const outcome = await commitBirths(deps, batchProject, births);
    if (outcome.committed) {
      return true;
    }
    return isOnlyLate(outcome.refused) && (await refreshProject(deps, batchProject))
      ? AGAIN
      : false;
  });
}

/** Whoever moved the counter took the numbers that it had, and the short ids of these. */
function isOnlyLate(refused: readonly SeenWrite[]): boolean {
  const isMoved = refused.includes('project');
  return refused.every((name) => name === 'project' || (isMoved && name === 'short id'));
}

/** What is noted of events with what counts them. */
export function notes(
  events: readonly SeenEvent[],
  unfinished: string | null,
  newUsers: readonly string[],
  now: string,
): CountedEvents {
  return { eventIds: eventIdsOf(events), unfinished, newUsers, now };
}

export function eventIdsOf(events: readonly SeenEvent[]): string[] {
  return events.map(({ eventId }) => eventId);
}

function evaluatedOf({ eventId, timestamp, platform }: SeenEvent) {
  return { eventId: shownEventId(eventId), timestamp, platform };
}
