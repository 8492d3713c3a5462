import { assertNever } from '../../shared/domain/errors.ts';
import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { cascadeIssue } from '../../shared/operations/cascades/cascade-issue.ts';
import { cascadeMerge } from '../../shared/operations/cascades/cascade-merge.ts';
import { cascadeProject } from '../../shared/operations/cascades/cascade-project.ts';
import { wireCache, wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireConsumer() };
/** What one page, and handing over, may still need when the function's time runs out. */
const RESERVE_MS = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 2_000;

/**
 * Removes what was deleted, projects turn by turn and single issues, and what was merged into
 * another issue.
 */
export const handler = busConsumer(deps, 'project-cascade', (event, context) => {
  const { organizationId, projectId, version, requestId } = event.detail;
  const time = { requestId, hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS };
  switch (event.type) {
    case 'issue.deletion_requested':
      return cascadeIssue(deps, { groupId: event.detail.groupId, ...time });
    case 'issue.merged': {
      const { groupId: primaryId, data } = event.detail;
      const merged = { organizationId, projectId, primaryId, version };
      return cascadeMerge(deps, { ...merged, childIds: data.children, ...time });
    }
    case 'project.deleted':
      return cascadeProject(deps, { projectId, fencingToken: 0, pauseMs: PAUSE_MS, ...time });
    case 'project.cascade_continues':
      return cascadeProject(deps, {
        projectId,
        fencingToken: event.detail.data.turn,
        pauseMs: PAUSE_MS,
        ...time,
      });
    default:
      return assertNever(event);
  }
});
