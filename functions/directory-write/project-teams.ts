import type { Endpoint, RequestOf, TaggedReply } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { updateProject } from '../../shared/operations/projects/update-project.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Adds a team to a project. A team that it has already is no error. */
export const attachProjectTeam: Endpoint<'addProjectTeam', DirectoryWriteDeps> = (deps, request) =>
  changeTeams(deps, request, { how: 'attach', status: 201 });

/** Removes a team from a project; the project's issues stay assigned to the team. */
export const detachProjectTeam: Endpoint<'removeProjectTeam', DirectoryWriteDeps> = (
  deps,
  request,
) => changeTeams(deps, request, { how: 'detach', status: 200 });

async function changeTeams(
  deps: DirectoryWriteDeps,
  request: RequestOf<'addProjectTeam' | 'removeProjectTeam'>,
  { how, status }: { readonly how: 'attach' | 'detach'; readonly status: number },
): Promise<TaggedReply> {
  const { organization, params, initiator } = request;
  const [found, team] = await Promise.all([
    findActiveProject(deps, organization.id, params.project),
    findTeam(deps, organization.id, params.team),
  ]);
  const { project } = await updateProject(deps, {
    organizationId: organization.id,
    projectId: found.id,
    update: { [how]: [team.id] },
    initiator,
  });
  return { status, ...(await projectDetailReply(deps, request, project)) };
}
