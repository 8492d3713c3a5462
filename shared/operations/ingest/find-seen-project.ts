import { isDigits } from '../../domain/digits.ts';
import type { Organization } from '../../domain/directory.ts';
import type { SeenEvent } from '../../domain/ingest/seen-event.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';

export type FindSeenProjectDeps = {
  readonly organizations: Pick<OrganizationStore, 'byId' | 'idOfSlug'>;
  readonly projects: Pick<ProjectStore, 'bySlug' | 'withTeams'>;
};

/** Where events belong. */
export type SeenProject = {
  readonly organization: Organization;
  readonly project: ProjectWithTeams;
};

/** Why events belong nowhere. */
export type UnknownProject = 'unknown_organization' | 'unknown_project';

/**
 * Where an event belongs, by ids or slugs; a slug of a renamed project still leads to it. A project
 * that is being deleted, or another organization's, is unknown. Up to four round trips.
 */
export async function findSeenProject(
  deps: FindSeenProjectDeps,
  named: Pick<SeenEvent, 'organization' | 'project'>,
): Promise<SeenProject | UnknownProject> {
  const organizationId = isDigits(named.organization)
    ? named.organization
    : await deps.organizations.idOfSlug(named.organization);
  if (organizationId === undefined) {
    return 'unknown_organization';
  }
  const [organization, projectId] = await Promise.all([
    deps.organizations.byId(organizationId),
    isDigits(named.project)
      ? named.project
      : deps.projects.bySlug(organizationId, named.project).then((slug) => slug?.projectId),
  ]);
  if (organization === undefined) {
    return 'unknown_organization';
  }
  const project = projectId === undefined ? undefined : await deps.projects.withTeams(projectId);
  const isHere = project?.project.organizationId === organization.id;
  return isHere && project.project.status === 'active'
    ? { organization, project }
    : 'unknown_project';
}
