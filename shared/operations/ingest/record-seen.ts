import { readSeenEvent } from '../../domain/ingest/seen-event.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { BatchProject } from './batch-project.ts';
import { type BeginUnitsDeps, beginUnits } from './begin-units.ts';
import { type FindSeenProjectDeps, findSeenProject } from './find-seen-project.ts';
import { idsOf, messagesOf, messagesToRetry } from './retry-messages.ts';
import { seeUnit } from './see-unit.ts';
import {
  type Arrived,
  drop,
  type SortEventsDeps,
  sortIntoGroups,
  type Unit,
} from './sort-into-groups.ts';

export type RecordSeenDeps = BeginUnitsDeps & FindSeenProjectDeps & SortEventsDeps;

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
    messagesToRetry(deps, events, () => recordInProject(deps, oncePerEvent(events), requestId)),
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
    messagesToRetry(deps, messagesOf(unit), () => seeUnit(deps, batchProject, unit, requestId));
  const again = await mapConcurrently(CONCURRENT_GROUPS, units, work);
  again.push(waiting.flatMap(idsOf));
  again.push(await beginUnits(deps, batchProject, begun, requestId));
  return again.flat();
}

function oncePerEvent(arrived: readonly Arrived[]): Arrived[] {
  const byEvent = Map.groupBy(arrived, ({ event }) => event.eventId);
  return [...byEvent.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, messageIds: same.flatMap(idsOf) }];
  });
}
