import { stateOfProject } from '../domain/editable-state.ts';
import type { Project } from '../domain/projects/project.ts';
import {
  describeProjects,
  type ReadDirectoryDeps,
  readOrganization,
} from '../operations/directory/read-directory.ts';
import type { Caller } from './access.ts';
import type { ApiRequest } from './endpoint.ts';
import { entityTagOf } from './repetition/entity-tag.ts';
import { serializeProject, serializeProjectDetail } from './serializers/projects/project.ts';

/** The body and the tag of an answer that shows one project. */
type Shown<Body> = { readonly body: Body; readonly etag: string };

/**
 * What an answer says that shows one project in full, as the table has it now. Two round trips.
 */
export async function projectDetailReply(
  deps: ReadDirectoryDeps,
  { caller, baseUrl }: Pick<ApiRequest, 'caller' | 'baseUrl'>,
  given: Project,
): Promise<Shown<ReturnType<typeof serializeProjectDetail>>> {
  const [organization, { project, teams, viewer, etag }] = await Promise.all([
    readOrganization(deps, given.organizationId),
    describe(deps, caller, given),
  ]);
  return { body: serializeProjectDetail({ project, organization, teams, viewer, baseUrl }), etag };
}

/** What an answer says that shows one project as lists do. Two round trips. */
export async function projectSummaryReply(
  deps: ReadDirectoryDeps,
  { caller }: Pick<ApiRequest, 'caller'>,
  given: Project,
): Promise<Shown<ReturnType<typeof serializeProject>>> {
  const { project, teams, viewer, etag } = await describe(deps, caller, given);
  return { body: serializeProject(project, teams, viewer), etag };
}

/** A project that has been deleted in the meantime is shown as it was given. */
async function describe(deps: ReadDirectoryDeps, { userId, scopes }: Caller, given: Project) {
  const [described] = await describeProjects(deps, [given], userId);
  const { project, teamIds, isBookmarked, ...shown } = described ?? {
    project: given,
    teamIds: [],
    teams: [],
    isMember: false,
    isBookmarked: false,
  };
  return {
    project,
    teams: shown.teams,
    viewer: { access: scopes, isMember: shown.isMember, isBookmarked },
    etag: entityTagOf(stateOfProject({ project, teamIds }, isBookmarked)),
  };
}
