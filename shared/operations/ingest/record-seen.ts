import { isLackOfIds } from '../../domain/errors.ts';
import { aggregateSeen, type SeenAggregate } from '../../domain/ingest/seen.ts';
import { readSeenEvent } from '../../domain/ingest/seen-event.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { DeliveryStore } from '../../stores/ingest/event-deliveries.ts';
import type { SeenGroup } from '../ownership/evaluate-owners.ts';
import { type BatchProject, type CountEventsDeps, countEvents } from './count-events.ts';
import { type FindSeenProjectDeps, findSeenProject } from './find-seen-project.ts';
import { type SeeOwnersDeps, seeOwners } from './see-owners.ts';
import {
  type Arrived,
  drop,
  type SortEventsDeps,
  sortIntoGroups,
  type Unit,
} from './sort-into-groups.ts';

export type RecordSeenDeps = CountEventsDeps &
  SeeOwnersDeps &
  FindSeenProjectDeps &
  SortEventsDeps & { readonly deliveries: Pick<DeliveryStore, 'finish'> };

/** A `group.seen` as it came; `messageId` tells the queue which messages have to come again. */
export type SeenMessage = { readonly messageId: string; readonly detail: unknown };

/** Projects, and groups of a project, that are worked on at the same time. */
const CONCURRENT_PROJECTS = 4;
const CONCURRENT_GROUPS = 8;

/**
 * Counts the events of a batch, each once however often it comes and in whatever order, all events
 * of one group together; then lets their groups find owners. What belongs nowhere is dropped and
 * counted as such. Answers the messages that have to come again.
 */
export async function recordSeen(
  deps: RecordSeenDeps,
  messages: readonly SeenMessage[],
  requestId: string,
): Promise<string[]> {
  const now = deps.clock();
  const arrived: Arrived[] = [];
  for (const { messageId, detail } of messages) {
    const reading = readSeenEvent(detail, now);
    if (reading.ok) {
      arrived.push({ event: reading.event, messageIds: [messageId] });
    } else {
      drop(deps, reading.reason, 1);
    }
  }
  const byProject = Map.groupBy(arrived, ({ event }) => `${event.organization}\n${event.project}`);
  const again = await mapConcurrently(CONCURRENT_PROJECTS, [...byProject.values()], (events) =>
    orAgain(deps, events, () => recordInProject(deps, oncePerEvent(events), requestId)),
  );
  return again.flat();
}

/** Records the events of one project; answers the messages that have to come again. */
async function recordInProject(
  deps: RecordSeenDeps,
  arrived: readonly Arrived[],
  requestId: string,
): Promise<string[]> {
  const [first] = arrived;
  const found = first === undefined ? undefined : await findSeenProject(deps, first.event);
  if (found === undefined) {
    return [];
  }
  if (typeof found === 'string') {
    drop(deps, found, arrived.length);
    return [];
  }
  const batchProject: BatchProject = { current: found, releases: new Map() };
  const { units, begun, waiting } = await sortIntoGroups(deps, found.project.project.id, arrived);
  const work = (unit: Unit) =>
    orAgain(deps, messagesOf(unit), () => see(deps, batchProject, unit, requestId));
  const again = await mapConcurrently(CONCURRENT_GROUPS, units, work);
  again.push(waiting.flatMap(idsOf));
  const ids = await mintIds(deps, begun.length);
  if (ids === undefined) {
    return [...again.flat(), ...begun.flatMap(messagesOf).flatMap(idsOf)];
  }
  // One after the other: each takes its number from the project's counter.
  for (const [index, unit] of begun.entries()) {
    const { target } = unit;
    const id = ids[index];
    again.push(await work(target.kind === 'new' ? { ...unit, target: { ...target, id } } : unit));
  }
  return again.flat();
}

/** Counts a group's events and lets it find owners. */
async function see(
  deps: RecordSeenDeps,
  batchProject: BatchProject,
  { target, fresh, unfinished }: Unit,
  requestId: string,
): Promise<string[]> {
  if (fresh.length > 0) {
    const events = fresh.map(({ event }) => event);
    const counted = await countEvents(deps, batchProject, { events, target, requestId });
    if (counted?.isError) {
      const { groupId, aggregate, cached } = counted;
      const seen = { ...groupIn(batchProject, groupId), cached };
      await finish(deps, seen, { aggregate, unfinished: counted.unfinished, requestId });
    }
  }
  if (unfinished.length > 0 && target.kind === 'known') {
    const groupId = target.row.group.id;
    const { organizationId, projectId } = groupIn(batchProject, groupId).group;
    const cached = await deps.ownerCaches.read({ organizationId, projectId }, groupId);
    for (const { event } of unfinished) {
      await finish(
        deps,
        { ...groupIn(batchProject, groupId), cached },
        { aggregate: aggregateSeen([event]), unfinished: event.eventId, requestId },
      );
    }
  }
  return [];
}

/** Lets a group find owners; an event that was noted as unfinished is so no longer. */
async function finish(
  deps: RecordSeenDeps,
  seen: SeenGroup,
  {
    aggregate,
    unfinished,
    requestId,
  }: {
    readonly aggregate: SeenAggregate;
    /** The id of that event; null for none. */
    readonly unfinished: string | null;
    readonly requestId: string;
  },
): Promise<void> {
  await seeOwners(deps, seen, aggregate, requestId);
  if (unfinished !== null) {
    await deps.deliveries.finish(seen.group.projectId, unfinished);
  }
}

function groupIn({ current: { organization, project } }: BatchProject, id: string) {
  const group = { id, organizationId: organization.id, projectId: project.project.id };
  return { group, organization, project };
}

/**
 * Ids of all groups that a batch begins, in one round trip; undefined where there are none to be
 * had for now.
 */
async function mintIds(deps: RecordSeenDeps, count: number): Promise<string[] | undefined> {
  if (count === 0) {
    return [];
  }
  try {
    return await deps.sequence.mint('group', count);
  } catch (error) {
    if (!isLackOfIds(error)) {
      throw error;
    }
    deps.count(
      error.code === 'ids.exhausted' ? 'group_seen.ids_exhausted' : 'group_seen.ids_unavailable',
    );
    return undefined;
  }
}

/** A message that failed comes again with all that it brought; the others are through. */
async function orAgain(
  deps: RecordSeenDeps,
  arrived: readonly Arrived[],
  work: () => Promise<string[]>,
): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    deps.log.error('Events could not be recorded; they will come again.', {
      eventIds: arrived.slice(0, 20).map(({ event }) => event.eventId),
      events: arrived.length,
      project: arrived[0]?.event.project,
      reason: error instanceof Error ? error.message : String(error),
    });
    return arrived.flatMap(idsOf);
  }
}

function oncePerEvent(arrived: readonly Arrived[]): Arrived[] {
  const byEvent = Map.groupBy(arrived, ({ event }) => event.eventId);
  return [...byEvent.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, messageIds: same.flatMap(idsOf) }];
  });
}

function messagesOf({ fresh, unfinished }: Unit): Arrived[] {
  return [...fresh, ...unfinished];
}

function idsOf({ messageIds }: Arrived): readonly string[] {
  return messageIds;
}
