import type { Activity } from '../../domain/issues/activity.ts';
import type { ActivityStore } from '../../stores/issues/activities.ts';
import type { ResolvedInRelease } from './commit-updates.ts';

/** Activities among which a resolve is looked for that was committed just before. */
const NEWEST = 20;

/**
 * What the history of a group has of its resolve in a release, the first since then; nothing for
 * one that was resolved already. One round trip.
 */
export async function readResolutions(
  { activities }: { readonly activities: Pick<ActivityStore, 'ofGroup'> },
  { groupId, at }: ResolvedInRelease,
): Promise<Activity[]> {
  const newest = await activities.ofGroup({ groupId, limit: NEWEST });
  const resolves = newest.activities.filter(
    ({ type, dateCreated }) => type.startsWith('set_resolved_in') && dateCreated >= at,
  );
  return resolves.slice(-1);
}
