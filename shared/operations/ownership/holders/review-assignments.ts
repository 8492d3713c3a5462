import type { Actor } from '../../../domain/actor.ts';
import type { Organization } from '../../../domain/directory.ts';
import { type EventData, toOrganizationEventRecord } from '../../../domain/events.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../../domain/ids.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { AssignmentStore } from '../../../stores/issues/assignments.ts';
import type { IssueListStore } from '../../../stores/issues/issue-lists.ts';
import type { OutboxRecorder } from '../../../stores/outbox.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import { eventContext, systemInitiator } from '../../event-context.ts';
import { type ReviewHoldersDeps, reviewAll } from './review-holders.ts';

export type ReviewAssignmentsDeps = ReviewHoldersDeps & {
  readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
  readonly issueLists: Pick<IssueListStore, 'page'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly projects: Pick<ProjectStore, 'idsOfOrganization' | 'manyWithTeams'>;
  readonly outbox: Pick<OutboxRecorder, 'record'>;
};

/** Which assignments of an organization are reviewed, and from where on. */
export type AssignmentReview = EventData['assignments.review_requested'] & {
  readonly organizationId: OrganizationId;
  readonly requestId: string;
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
};

/** Issues reviewed together. */
const PAGE_SIZE = 100;

type Page = { readonly groupIds: readonly GroupId[]; readonly next: string | null };

/** How issues are walked: a holder's, one project's, or those of all projects. */
type Walk = (position: string | null) => Promise<Page>;

/**
 * Reviews whether issues are held by those who may hold them, page by page: those of one holder by
 * the index of what they hold, or the open issues of one or of all of an organization's projects.
 * Where a team comes or goes under closed membership, its people's issues are the project's too.
 * Safe to repeat. When the time runs out, an event has another worker go on from there. Throws
 * `conflict` where others kept changing an issue; the page is then reviewed again.
 */
export async function reviewAssignments(
  deps: ReviewAssignmentsDeps,
  review: AssignmentReview,
): Promise<void> {
  let { position } = review;
  do {
    // Its policy and membership may change while the walk goes on.
    const organization = await deps.organizations.byId(review.organizationId);
    if (organization === undefined) {
      return;
    }
    const page = await walkOf(deps, { ...review, position }, organization)(position);
    const { requestId, projectId: leftProjectId } = review;
    await reviewAll(deps, { organization, requestId, leftProjectId }, page.groupIds);
    position = page.next;
    if (position !== null && !review.hasTime()) {
      await continueFrom(deps, review, position);
      return;
    }
  } while (position !== null);
}

function walkOf(
  deps: ReviewAssignmentsDeps,
  { holder, projectId, position }: AssignmentReview,
  { id: organizationId, openMembership }: Organization,
): Walk {
  const isOfHolder = position === null ? projectId === null || openMembership : isOfIndex(position);
  if (holder !== null && isOfHolder) {
    return (at) => pageOfHolder(deps, { organizationId, holder, position: at });
  }
  return projectId === null
    ? (at) => pageOfOrganization(deps, organizationId, at)
    : (at) => pageOfProject(deps, projectId, at);
}

async function pageOfHolder(
  deps: ReviewAssignmentsDeps,
  at: {
    readonly organizationId: OrganizationId;
    readonly holder: Actor;
    readonly position: string | null;
  },
): Promise<Page> {
  const page = await deps.assignments.groupsAssignedTo({
    organizationId: at.organizationId,
    actor: at.holder,
    limit: PAGE_SIZE,
    ...(at.position === null ? {} : { after: JSON.parse(at.position) }),
  });
  return {
    groupIds: page.groupIds,
    next: page.next === undefined ? null : JSON.stringify(page.next),
  };
}

/** Positions in the index of what an actor holds are objects, as the table made them. */
function isOfIndex(position: string): boolean {
  return position.startsWith('{');
}

/** A page of the open issues of one project; after its last one comes the next project. */
async function pageOfOrganization(
  deps: ReviewAssignmentsDeps,
  organizationId: OrganizationId,
  position: string | null,
): Promise<Page> {
  const [startProject = ''] = (position ?? '').split('/');
  const ids = (await deps.projects.idsOfOrganization(organizationId)).toSorted();
  const projectId = ids.find((id) => id >= startProject);
  if (projectId === undefined) {
    return { groupIds: [], next: null };
  }
  const page = await pageOfProject(deps, projectId, projectId === startProject ? position : null);
  return { ...page, next: page.next ?? ids.find((id) => id > projectId) ?? null };
}

async function pageOfProject(
  deps: ReviewAssignmentsDeps,
  projectId: ProjectId,
  position: string | null,
): Promise<Page> {
  const from = position?.split('/')[1];
  const { rows, more } = await deps.issueLists.page(
    { projectId, status: 'unresolved' },
    { limit: PAGE_SIZE, ...(from === undefined ? {} : { from }) },
  );
  const last = rows.at(-1)?.position;
  const groupIds = rows.map(({ group }) => group.id);
  return { groupIds, next: more && last !== undefined ? `${projectId}/${last}` : null };
}

async function continueFrom(
  deps: ReviewAssignmentsDeps,
  { organizationId, requestId, holder, projectId }: AssignmentReview,
  position: string,
): Promise<void> {
  await deps.outbox.record([
    toOrganizationEventRecord(
      {
        type: 'assignments.review_requested',
        version: 1,
        data: { holder, projectId, position },
      },
      { ...eventContext(deps, systemInitiator(requestId), deps.clock()), organizationId },
    ),
  ]);
}
