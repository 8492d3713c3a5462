import { isDigits } from '../../domain/digits.ts';
import type { Organization } from '../../domain/directory.ts';
import type { SeenEvent } from '../../domain/ingest/seen-event.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import { lookUpProjectWithTeams, type ProjectWithTeamsDeps } from '../lookup/find-project.ts';

export type FindSeenProjectDeps = ProjectWithTeamsDeps & {
  readonly organizations: Pick<OrganizationStore, 'byId' | 'idOfSlug'>;
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
 * that is being deleted, or another organization's, is unknown. Up to three round trips.
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
  const [organization, project] = await Promise.all([
    deps.organizations.byId(organizationId),
    lookUpProjectWithTeams(deps, organizationId, named.project),
  ]);
  if (organization === undefined) {
    return 'unknown_organization';
  }
  return project === undefined ? 'unknown_project' : { organization, project };
}
