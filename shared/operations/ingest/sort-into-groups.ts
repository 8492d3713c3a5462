import type { GroupId, ProjectId } from '../../domain/ids.ts';
import type { SeenEvent } from '../../domain/ingest/seen-event.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { isDiscarded } from '../../domain/projects/deletion.ts';
import type { DeliveryStore } from '../../stores/ingest/event-deliveries.ts';
import type { SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { GroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { Clock, Count, Log } from '../deps.ts';
import { whereMerged } from '../lookup/follow-merges.ts';
import type { EventsTarget } from './count-events.ts';

export type SortEventsDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments' | 'mergedInto'>;
  readonly deliveries: Pick<DeliveryStore, 'known'>;
  readonly seenGroups: Pick<SeenGroupStore, 'ofFingerprints'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly count: Count;
};

/** An event, with all messages of the batch that brought it. */
export type Arrived = { readonly event: SeenEvent; readonly messageIds: readonly string[] };

/**
 * The events of one group in a batch: those to be counted, and those whose owners were left to be
 * evaluated.
 */
export type Unit = {
  readonly target: EventsTarget;
  readonly fresh: Arrived[];
  readonly unfinished: Arrived[];
};

/**
 * Which events belong together: to groups that are there (`units`), to groups that they begin
 * (`begun`), or to groups that are just being merged, whose fingerprints will lead elsewhere in a
 * moment (`waiting`). What names a group that was merged belongs to the one that it went into. Two
 * round trips of reads, whatever the number of events; more only where groups that events name are
 * not there.
 */
export async function sortIntoGroups(
  deps: SortEventsDeps,
  projectId: ProjectId,
  arrived: readonly Arrived[],
): Promise<{ units: Unit[]; begun: Unit[]; waiting: Arrived[] }> {
  const state = await readBatchState(deps, projectId, arrived);
  const units = new Map<string, Unit>();
  const waiting: Arrived[] = [];
  for (const one of arrived) {
    const target = targetOf(one.event, projectId, state);
    switch (target) {
      case 'duplicate':
        deps.count('group_seen.duplicate');
        break;
      case 'discarded':
        deps.count('group_seen.discarded');
        break;
      case 'merging':
        waiting.push(one);
        break;
      case 'unknown':
        drop(deps, 'unknown_group', 1);
        break;
      default:
        addToUnit(units, target, one, state.deliveries.has(one.event.eventId));
    }
  }
  const all = [...units.values()];
  return {
    units: all.filter(({ target }) => target.kind === 'known'),
    begun: all.filter(({ target, fresh }) => target.kind === 'new' && fresh.length > 0),
    waiting,
  };
}

/** What is stored about the events of a batch and the groups that they may belong to. */
type BatchState = {
  readonly deliveries: Awaited<ReturnType<DeliveryStore['known']>>;
  /** Of each known fingerprint. */
  readonly groupIds: ReadonlyMap<string, string>;
  /** Where those went that events name and that were merged. */
  readonly merged: ReadonlyMap<string, string>;
  readonly rows: ReadonlyMap<string, GroupRow>;
};

async function readBatchState(
  deps: SortEventsDeps,
  projectId: ProjectId,
  arrived: readonly Arrived[],
): Promise<BatchState> {
  const events = arrived.map(({ event }) => event);
  const fingerprints = events.flatMap(({ target }) =>
    target.kind === 'fingerprint' ? [target.fingerprint] : [],
  );
  const [deliveries, groupIds] = await Promise.all([
    deps.deliveries.known(
      projectId,
      events.map(({ eventId }) => eventId),
      deps.clock(),
    ),
    deps.seenGroups.ofFingerprints(projectId, [...new Set(fingerprints)]),
  ]);
  const named = events.flatMap(({ target }) => (target.kind === 'group' ? [target.groupId] : []));
  const rows = await deps.groups.withAssignments([...new Set([...named, ...groupIds.values()])]);
  const merged = await whereMerged(deps, [
    ...new Set(named.filter((id) => !isThere(rows.get(id)))),
  ]);
  const reached = merged.size === 0 ? [] : await deps.groups.withAssignments([...merged.values()]);
  return { deliveries, groupIds, merged, rows: new Map([...rows, ...reached]) };
}

function isThere(row: GroupRow | undefined): boolean {
  return row !== undefined && isVisible(row.group.status);
}

function addToUnit(
  units: Map<string, Unit>,
  target: EventsTarget,
  arrived: Arrived,
  isUnfinished: boolean,
): void {
  const key = target.kind === 'known' ? target.row.group.id : `new ${target.fingerprint}`;
  const unit = units.get(key) ?? { target, fresh: [], unfinished: [] };
  (isUnfinished ? unit.unfinished : unit.fresh).push(arrived);
  units.set(key, unit);
}

/**
 * `duplicate` for an event that was counted before, `discarded` for one of a group that people
 * never want to see again, `unknown` for a group that was named and is not
 * one of the project's, or is being deleted.
 */
function targetOf(
  { eventId, target }: SeenEvent,
  projectId: ProjectId,
  state: BatchState,
): EventsTarget | 'duplicate' | 'discarded' | 'merging' | 'unknown' {
  const { deliveries, rows } = state;
  if (deliveries.get(eventId)?.isUnfinished === false) {
    return 'duplicate';
  }
  const groupId = groupOf(target, state);
  const row = groupId === undefined ? undefined : rows.get(groupId);
  if (row !== undefined && row.group.projectId === projectId && isVisible(row.group.status)) {
    return { kind: 'known', row };
  }
  if (target.kind === 'group') {
    return 'unknown';
  }
  if (row?.group.status === 'pending_merge') {
    return 'merging';
  }
  if (row !== undefined && isDiscarded(row.group)) {
    return 'discarded';
  }
  const { fingerprint } = target;
  return { kind: 'new', id: undefined, fingerprint, stale: groupId ?? null, skip: 1 };
}

/** The group that an event is of, by its name or by its fingerprint. */
function groupOf(
  target: SeenEvent['target'],
  { groupIds, merged }: Pick<BatchState, 'groupIds' | 'merged'>,
): GroupId | undefined {
  return target.kind === 'group'
    ? (merged.get(target.groupId) ?? target.groupId)
    : groupIds.get(target.fingerprint);
}

/** Gives up on events that belong nowhere, now or later. */
export function drop(
  deps: Pick<SortEventsDeps, 'log' | 'count'>,
  reason: string,
  events: number,
): void {
  deps.count('group_seen.dropped', { reason }, events);
  deps.log.warn('Events were dropped: they belong nowhere.', { reason, events });
}
