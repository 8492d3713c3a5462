import { assertNever } from '../../shared/domain/errors.ts';
import type { BusEvent } from '../../shared/domain/events.ts';
import { cascadeIssue } from '../../shared/operations/cascades/cascade-issue.ts';
import { cascadeMerge } from '../../shared/operations/cascades/cascade-merge.ts';
import { cascadeProject } from '../../shared/operations/cascades/cascade-project.ts';
import type { ProjectCascadeDeps } from './deps.ts';

type CascadeEvent = BusEvent<
  'issue.deletion_requested' | 'issue.merged' | 'project.deleted' | 'project.cascade_continues'
>;

/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 2_000;

/**
 * Does the work that an event of a deletion or merge asks for, until it is done or `hasTime` says
 * no; what is left then is asked for by another event.
 */
export function cascade(
  deps: ProjectCascadeDeps,
  event: CascadeEvent,
  hasTime: () => boolean,
): Promise<void> {
  const { organizationId, projectId, version, requestId } = event.detail;
  const time = { requestId, hasTime };
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
    case 'project.cascade_continues': {
      const { turn: fencingToken } = event.detail.data;
      return cascadeProject(deps, { projectId, fencingToken, pauseMs: PAUSE_MS, ...time });
    }
    default:
      return assertNever(event);
  }
}
