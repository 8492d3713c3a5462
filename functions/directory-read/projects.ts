import { DomainError, notFound } from '../../shared/domain/errors.ts';
import type { Project } from '../../shared/domain/projects/project.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { bySearch, named } from '../../shared/http/search.ts';
import { serializeProject } from '../../shared/http/serializers/projects/project.ts';
import { describeProjects } from '../../shared/operations/directory/read-directory.ts';
import { findProject } from '../../shared/operations/lookup/find-project.ts';
import { scopeProjects } from '../../shared/operations/lookup/scope-projects.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** Lists the projects of one organization, or of every organization that the token reaches. */
export const listProjects: Endpoint<
  'listOrganizationProjects' | 'listProjects',
  DirectoryReadDeps
> = async (deps, request) => {
  const { caller, organizations, query } = request;
  const all = await Promise.all(organizations.map(({ id }) => scopeProjects(deps, id, null)));
  const found = all.flat().filter(bySearch(query.get('query'), named));
  const { page, headers } = pageOf(request, found);
  const described = await describeProjects(deps, page, caller.userId);
  return {
    status: 200,
    headers,
    body: described.map(({ project, teams, isMember, isBookmarked }) =>
      serializeProject(project, teams, { access: caller.scopes, isMember, isBookmarked }),
    ),
  };
};

/** Shows one project. A slug that it had before is answered with its present address. */
export const getProject: Endpoint<'getProject', DirectoryReadDeps> = async (deps, request) => {
  const { params, organization } = request;
  const found = await findProject(deps, organization.id, params.project);
  const [project] = await scopeProjects(deps, organization.id, [found.id]);
  if (found.wasRenamed) {
    throw moved(request, project);
  }
  if (project === undefined) {
    throw notFound();
  }
  return { status: 200, ...(await projectDetailReply(deps, request, project)) };
};

function moved({ path, query }: ApiRequest, project: Project | undefined): DomainError {
  const slug = project?.slug ?? '';
  const parameters = query.size > 0 ? `?${query}` : '';
  const url = `${path.replace(/[^/]+\/?$/, '')}${slug}/${parameters}`;
  return new DomainError('resource.moved', {
    code: 'resource-moved',
    message: 'Resource has been moved',
    extra: { url, slug },
  });
}
