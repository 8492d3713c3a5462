import { changedMeanwhile, conflict, type DomainError, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import {
  type ProjectTransition,
  restoreProject as restoreDecision,
} from '../../domain/projects/deletion.ts';
import type { Project } from '../../domain/projects/project.ts';
import { slugCandidates } from '../../domain/slug.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { insertUnderSlug } from '../insert-under-slug.ts';
import { readDeletion } from './read-deletion.ts';

export type RestoreProjectDeps = {
  readonly projects: Pick<ProjectStore, 'byIds' | 'bySlug'>;
  readonly deletions: Pick<DeletionStore, 'ofProject' | 'restore'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
  readonly randomInt: (exclusiveMax: number) => number;
};

type RestoreProjectInput = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly initiator: Initiator;
};

/**
 * Takes back a deletion that has not begun: the project is there again with all that it had, under
 * its slug if that is free, else under one made of it.
 *
 * @throws DomainError `resource.not_found` for a project that is not being deleted or is gone,
 * `conflict` once its removal has begun
 */
export async function restoreProject(
  deps: RestoreProjectDeps,
  input: RestoreProjectInput,
): Promise<Project> {
  const { organizationId, projectId } = input;
  await requirePending(deps, input);
  const before = (await deps.projects.byIds([projectId])).get(projectId);
  if (before === undefined) {
    throw notFound();
  }
  const outcome = await insertUnderSlug(slugsFor(before, deps.randomInt), {
    async isTaken(slug) {
      const holder = await deps.projects.bySlug(organizationId, slug);
      return holder !== undefined && !holder.isRedirect;
    },
    insert: (slug) => commit(deps, before, restoreDecision(before, slug), input.initiator),
  });
  if (outcome.kind === 'inserted') {
    return restoreDecision(before, outcome.slug).project;
  }
  // Another request was faster: the removal has begun, or the project is restored already.
  await requirePending(deps, input);
  throw changedMeanwhile();
}

async function requirePending(
  deps: RestoreProjectDeps,
  { organizationId, projectId }: RestoreProjectInput,
): Promise<void> {
  const { state } = await readDeletion(deps, organizationId, projectId);
  if (state === 'done') {
    throw notFound();
  }
  if (state === 'deleting') {
    throw alreadyBegun();
  }
}

function commit(
  deps: RestoreProjectDeps,
  before: Project,
  { project, event }: ProjectTransition,
  initiator: Initiator,
) {
  const { organizationId, id: projectId } = before;
  return deps.deletions.restore({
    before,
    project,
    event: toEventRecord(event, {
      ...eventContext(deps, initiator, deps.clock()),
      organizationId,
      projectId,
    }),
  });
}

/** Its own first, whatever it looks like: the caller may have chosen it. */
function* slugsFor({ slug }: Project, randomInt: RestoreProjectDeps['randomInt']) {
  yield slug;
  for (const candidate of slugCandidates(slug, randomInt)) {
    if (candidate !== slug) {
      yield candidate;
    }
  }
}

function alreadyBegun(): DomainError {
  return conflict('This project is already being deleted.');
}
