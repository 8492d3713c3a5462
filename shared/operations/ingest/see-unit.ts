import { aggregateSeen, type SeenAggregate } from '../../domain/ingest/seen.ts';
import type { DeliveryStore } from '../../stores/ingest/event-deliveries.ts';
import type { SeenGroup } from '../ownership/evaluate-owners.ts';
import type { BatchProject } from './batch-project.ts';
import type { CountedGroup } from './begin-groups.ts';
import { type CountEventsDeps, countEvents } from './count-events.ts';
import { type SeeOwnersDeps, seeOwners } from './see-owners.ts';
import type { Unit } from './sort-into-groups.ts';

export type SeeUnitDeps = CountEventsDeps &
  SeeOwnersDeps & { readonly deliveries: Pick<DeliveryStore, 'finish'> };

/** Counts a group's events and lets it find owners. */
export async function seeUnit(
  deps: SeeUnitDeps,
  batchProject: BatchProject,
  { target, fresh, unfinished }: Unit,
  requestId: string,
): Promise<string[]> {
  if (fresh.length > 0) {
    const events = fresh.map(({ event }) => event);
    const counted = await countEvents(deps, batchProject, { events, target, requestId });
    await finishCounted(deps, batchProject, counted, requestId);
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

/** Lets a group find owners whose events were just counted. */
export async function finishCounted(
  deps: SeeUnitDeps,
  batchProject: BatchProject,
  counted: CountedGroup | undefined,
  requestId: string,
): Promise<string[]> {
  if (counted?.isError) {
    const { groupId, aggregate, unfinished, ...known } = counted;
    const seen = { ...groupIn(batchProject, groupId), ...known };
    await finish(deps, seen, { aggregate, unfinished, requestId });
  }
  return [];
}

/** Lets a group find owners; an event that was noted as unfinished is so no longer. */
async function finish(
  deps: SeeUnitDeps,
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
