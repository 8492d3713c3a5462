import type { SeenAggregate } from '../../domain/ingest/seen.ts';
import { shownEventId } from '../../domain/ingest/seen-event.ts';
import { leadsToAssignment } from '../../domain/ownership/owner-consequences.ts';
import { type AutoAssignDeps, autoAssign } from '../ownership/auto-assign.ts';
import {
  type AssignedVersions,
  type EvaluateOwnersDeps,
  evaluateOwners,
  type SeenGroup,
  suggestSuspects,
} from '../ownership/evaluate-owners.ts';

export type SeeOwnersDeps = EvaluateOwnersDeps & AutoAssignDeps;

/**
 * What an event means for the owners of its group: authors of commits are suggested, rules are
 * evaluated, the group assigns itself. Each step is taken whatever became of the one before; where
 * one failed, all of it may be done again, and this throws in the end. Only where none failed is it
 * remembered that the owners were evaluated.
 */
export async function seeOwners(
  deps: SeeOwnersDeps,
  seen: SeenGroup,
  { latest, commits }: Pick<SeenAggregate, 'latest' | 'commits'>,
  requestId: string,
): Promise<void> {
  if (latest === null) {
    return;
  }
  const { group, organization, project } = seen;
  const failures: unknown[] = [];
  const step = async <T>(name: string, take: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await take();
    } catch (error) {
      failures.push(error);
      deps.count('post_process.step_failed', { step: name });
      deps.log.error('A step of an event failed; the others go on.', {
        step: name,
        groupId: group.id,
        eventId: latest.eventId,
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  };

  const newSuspects = await step('suspect_commits', () => suggestSuspects(deps, seen, commits));
  const { eventId, timestamp, platform, event } = latest;
  const evaluated = await step('owner_assignment', () =>
    evaluateOwners(deps, seen, {
      eventId: shownEventId(eventId),
      timestamp,
      platform,
      event,
    }),
  );
  let assigned: AssignedVersions | null = null;
  if (leadsToAssignment(evaluated?.consequence ?? 'evaluate', newSuspects ?? 0)) {
    await step('auto_assignment', async () => {
      const { settings } = await deps.ruleReader.throughCache(project);
      assigned = await autoAssign(deps, {
        groupId: group.id,
        organization,
        settings,
        requestId,
        ...(evaluated?.teamId === undefined ? {} : { ownerTeam: evaluated.teamId }),
      });
    });
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  await evaluated?.remember?.(assigned);
}
