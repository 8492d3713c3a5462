import { DomainError, notFound } from '../../shared/domain/errors.ts';
import type { Project } from '../../shared/domain/projects/project.ts';
import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { bySearch, named } from '../../shared/http/search.ts';
import {
  searchableKey,
  serializeProject,
  serializeProjectKey,
} from '../../shared/http/serializers/projects/project.ts';
import { describeProjects } from '../../shared/operations/directory/read-directory.ts';
import { findProject } from '../../shared/operations/lookup/find-project.ts';
import { scopeProjects } from '../../shared/operations/lookup/scope-projects.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** The projects of every organization that the token reaches. */
export function listProjects(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller } = request;
    requireScope(caller, 'project:read', 'org:read');
    const all = await Promise.all(
      caller.organizations.map(({ id }) => scopeProjects(deps, id, null)),
    );
    return list(deps, request, all.flat());
  };
}

/** The projects of one organization. */
export function listOrganizationProjects(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read', 'org:read');
    return list(deps, request, await scopeProjects(deps, id, null));
  };
}

/** One project. Asked for by a slug that it had before, it says where it is now. */
export function getProject(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, baseUrl } = request;
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read');
    const named = await findProject(deps, organizationId, params.project ?? '');
    const projects = await scopeProjects(deps, organizationId, [named.id]);
    if (named.wasRenamed) {
      throw moved(request, projects);
    }
    const [project] = projects;
    if (project === undefined) {
      throw notFound();
    }
    return { status: 200, body: await projectDetailReply(deps, { project, caller, baseUrl }) };
  };
}

/** The client keys of a project: one, that every project has. */
export function listProjectKeys(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, query, baseUrl } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read');
    const projects = await scopeProjects(deps, id, [params.project ?? '']);
    const keys = projects.map((project) => serializeProjectKey(project, baseUrl));
    const { page, headers } = pageOf(
      request,
      keys.filter(bySearch(query.get('query'), searchableKey)),
    );
    return {
      status: 200,
      headers,
      body: page,
    };
  };
}

async function list(
  deps: DirectoryReadDeps,
  request: ApiRequest,
  projects: readonly Project[],
): Promise<ApiReply> {
  const { caller, query } = request;
  const { page, headers } = pageOf(request, projects.filter(bySearch(query.get('query'), named)));
  const described = await describeProjects(deps, page, caller.userId);
  const access = [...caller.scopes];
  return {
    status: 200,
    headers,
    body: described.map(({ project, teams, ...viewer }) =>
      serializeProject(project, teams, { access, ...viewer }),
    ),
  };
}

function moved({ path, query }: ApiRequest, [project]: readonly Project[]): DomainError {
  const slug = project?.slug ?? '';
  const parameters = query.size > 0 ? `?${query}` : '';
  const url = `${path.replace(/[^/]+\/?$/, '')}${slug}/${parameters}`;
  return new DomainError('resource.moved', {
    code: 'resource-moved',
    message: 'Resource has been moved',
    extra: { url, slug },
  });
}
