import { conflict, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import { requestDeletion } from '../../domain/projects/deletion.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { backOff } from '../back-off.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { findProject } from '../lookup/find-project.ts';

export type DeleteProjectDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly deletions: Pick<DeletionStore, 'accept'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/** How often the deletion is decided anew when the project has moved. */
const REDECISIONS = 19;

/**
 * Accepts the deletion of a project: it cannot be seen any more, its slug is free, and
 * `project.deleted` is on its way to the worker that removes what there is, all in one transaction.
 * Of several requests at once one does it, and the others find it done.
 *
 * @throws DomainError `resource.not_found` for a project that is not there, or was on its way out
 * already
 */
export async function deleteProject(
  deps: DeleteProjectDeps,
  input: {
    readonly organizationId: string;
    /** By id, by its slug, or by a slug that it had. */
    readonly project: string;
    readonly initiator: Initiator;
  },
): Promise<void> {
  const { organizationId } = input;
  const [{ id }, organization] = await Promise.all([
    findProject(deps, organizationId, input.project),
    deps.organizations.byId(organizationId),
  ]);
  const delaySeconds = organization?.projectDeletionDelaySeconds ?? 0;
  let project = (await deps.projects.byIds([id])).get(id);
  if (project?.organizationId !== organizationId || project.status !== 'active') {
    throw notFound();
  }
  for (let attempt = 0; project?.status === 'active'; attempt++) {
    if (await accept(deps, project, delaySeconds, input.initiator)) {
      return;
    }
    if (attempt === REDECISIONS) {
      throw conflict('This project changed at the same time and was not deleted.');
    }
    await backOff(attempt);
    project = (await deps.projects.byIds([id])).get(id);
  }
}

async function accept(
  deps: DeleteProjectDeps,
  before: Project,
  delaySeconds: number,
  initiator: Initiator,
): Promise<boolean> {
  const now = deps.clock();
  const { project, deletion, event } = requestDeletion(before, { now, delaySeconds });
  const outcome = await deps.deletions.accept({
    before,
    project,
    deletion,
    event: toEventRecord(event, {
      ...eventContext(deps, initiator, now),
      organizationId: before.organizationId,
      projectId: before.id,
    }),
  });
  return outcome.committed;
}
