import { notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { requestDeletion } from '../../domain/projects/deletion.ts';
import type { Project } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
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

/** Every new issue of the project moves its counter of short ids, and with it the project's row. */
const ATTEMPTS = 20;

/**
 * Accepts the deletion of a project: it cannot be seen any more, its slug is free, and
 * `project.deleted` goes to the worker that removes what there is, all in one transaction.
 * Of several requests at once one does it, and the others find it done.
 *
 * @throws DomainError `resource.not_found` for a project that is not there, or was being deleted
 * already
 */
export async function deleteProject(
  deps: DeleteProjectDeps,
  input: {
    readonly organizationId: OrganizationId;
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
  const decide = async (attempt: number) => {
    const project = (await deps.projects.byIds([id])).get(id);
    if (project?.organizationId === organizationId && project.status === 'active') {
      return (await accept(deps, project, delaySeconds, input.initiator)) ? undefined : AGAIN;
    }
    // After the first attempt it was somebody else who deleted it.
    if (attempt === 1) {
      throw notFound();
    }
    return undefined;
  };
  await redecide(decide, { attempts: ATTEMPTS });
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
