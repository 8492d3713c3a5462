import type { Project } from '../domain/projects/project.ts';
import {
  describeProjects,
  type ReadDirectoryDeps,
  readOrganization,
} from '../operations/directory/read-directory.ts';
import type { Caller } from './access.ts';
import { serializeProject, serializeProjectDetail } from './serializers/projects/project.ts';

type Shown = {
  readonly project: Project;
  readonly caller: Caller;
  /** The origin as the caller sees it. */
  readonly baseUrl: string;
};

/** The body that tells all of one project, as it stands now. Two round trips. */
export async function projectDetailReply(
  deps: ReadDirectoryDeps,
  { project, caller, baseUrl }: Shown,
): Promise<ReturnType<typeof serializeProjectDetail>> {
  const [organization, { now, teams, viewer }] = await Promise.all([
    readOrganization(deps, project.organizationId),
    readViewer(deps, project, caller),
  ]);
  return serializeProjectDetail(now, organization, teams, viewer, baseUrl);
}

/** The body that tells of one project what lists do. Two round trips. */
export async function projectSummaryReply(
  deps: ReadDirectoryDeps,
  { project, caller }: Omit<Shown, 'baseUrl'>,
): Promise<ReturnType<typeof serializeProject>> {
  const { now, teams, viewer } = await readViewer(deps, project, caller);
  return serializeProject(now, teams, viewer);
}

/** A project that was deleted in between is told as it was. */
async function readViewer(deps: ReadDirectoryDeps, project: Project, caller: Caller) {
  const [described] = await describeProjects(deps, [project], caller.userId);
  return {
    now: described?.project ?? project,
    teams: described?.teams ?? [],
    viewer: {
      access: [...caller.scopes],
      isMember: described?.isMember ?? false,
      isBookmarked: described?.isBookmarked ?? false,
    },
  };
}
