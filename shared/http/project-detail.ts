import type { Project } from '../domain/projects/project.ts';
import {
  describeProjects,
  type ReadDirectoryDeps,
  readOrganization,
} from '../operations/directory/read-directory.ts';
import type { Caller } from './access.ts';
import type { ApiRequest } from './endpoint.ts';
import { serializeProject, serializeProjectDetail } from './serializers/projects/project.ts';

/**
 * The body of an answer that shows one project in full, as the table has it now. Two round trips.
 */
export async function projectDetailReply(
  deps: ReadDirectoryDeps,
  { caller, baseUrl }: Pick<ApiRequest, 'caller' | 'baseUrl'>,
  given: Project,
): Promise<ReturnType<typeof serializeProjectDetail>> {
  const [organization, { project, teams, viewer }] = await Promise.all([
    readOrganization(deps, given.organizationId),
    describe(deps, caller, given),
  ]);
  return serializeProjectDetail({ project, organization, teams, viewer, baseUrl });
}

/** The body of an answer that shows one project as lists do. Two round trips. */
export async function projectSummaryReply(
  deps: ReadDirectoryDeps,
  { caller }: Pick<ApiRequest, 'caller'>,
  given: Project,
): Promise<ReturnType<typeof serializeProject>> {
  const { project, teams, viewer } = await describe(deps, caller, given);
  return serializeProject(project, teams, viewer);
}

/** A project that has been deleted in the meantime is shown as it was given. */
async function describe(deps: ReadDirectoryDeps, { userId, scopes }: Caller, given: Project) {
  const [described] = await describeProjects(deps, [given], userId);
  return {
    project: described?.project ?? given,
    teams: described?.teams ?? [],
    viewer: {
      access: scopes,
      isMember: described?.isMember ?? false,
      isBookmarked: described?.isBookmarked ?? false,
    },
  };
}
