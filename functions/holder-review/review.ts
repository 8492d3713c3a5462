import { assertNever } from '../../shared/domain/errors.ts';
import type { BusEvent } from '../../shared/domain/events.ts';
import { endLeasesOfPart } from '../../shared/operations/ownership/holders/end-leases.ts';
import { reviewAssignments } from '../../shared/operations/ownership/holders/review-assignments.ts';
import { reviewIssue } from '../../shared/operations/ownership/holders/review-issue.ts';
import type { HolderReviewDeps } from './deps.ts';

type ReviewEvent = BusEvent<
  | 'assignments.review_requested'
  | 'member.deactivated'
  | 'member.left'
  | 'ownership.names_changed'
  | 'project.restored'
  | 'project.team_added'
  | 'project.team_removed'
  | 'team.member_left'
>;

type HolderEvent = ReviewEvent | BusEvent<'issue.status_changed' | 'assignments.leases_due'>;

/**
 * Reviews what may be held by somebody who may not hold it any more, or may again, by an event: of
 * an issue that became open, that one.
 */
export async function review(
  deps: HolderReviewDeps,
  event: HolderEvent,
  hasTime: () => boolean,
): Promise<void> {
  if (event.type === 'issue.status_changed') {
    await reviewIssue(deps, event.detail);
    return;
  }
  if (event.type === 'assignments.leases_due') {
    const { requestId, data } = event.detail;
    await endLeasesOfPart(deps, data.part, { requestId, hasTime });
    return;
  }
  const asked = askedBy(event);
  if (asked === null) {
    return;
  }
  const { organizationId, requestId } = event.detail;
  await reviewAssignments(deps, { ...asked, organizationId, requestId, hasTime });
}

function askedBy(event: ReviewEvent) {
  const start = { projectId: null, position: null };
  switch (event.type) {
    case 'assignments.review_requested':
      return event.detail.data;
    case 'member.left':
    case 'member.deactivated':
    case 'team.member_left':
      return { ...start, holder: { type: 'user', id: event.detail.data.userId } as const };
    case 'ownership.names_changed': {
      const { userId } = event.detail.data;
      return userId === undefined
        ? null
        : { ...start, holder: { type: 'user', id: userId } as const };
    }
    case 'project.restored':
      return { ...start, projectId: event.detail.projectId, holder: null };
    case 'project.team_added':
    case 'project.team_removed': {
      const { projectId, data } = event.detail;
      return { ...start, projectId, holder: { type: 'team', id: data.teamId } as const };
    }
    default:
      return assertNever(event);
  }
}
