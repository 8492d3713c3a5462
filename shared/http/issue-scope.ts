import type { OrganizationId } from '../domain/ids.ts';
import { type ScopeProjectsDeps, scopeProjects } from '../operations/lookup/scope-projects.ts';
import type { OrganizationRef } from './access.ts';
import type { ApiRequest } from './endpoint.ts';

/** The projects in which a request looks for its issues. */
export type IssueScope = {
  readonly organizationId: OrganizationId;
  /** Ids or slugs; null for all of the organization. */
  readonly projects: readonly string[] | null;
};

/** A request whose path names an organization, and maybe a project of it. */
export type ScopedRequest = Pick<ApiRequest, 'query'> & {
  readonly organization: OrganizationRef;
  readonly params: { readonly org: string; readonly project?: string };
};

/**
 * Reads the projects in which a request looks for its issues: the one that its path names, or those
 * of its `project` parameters. Where both name projects, only issues of a project that both name
 * are found. An empty parameter and `-1` mean every project, for reads and writes alike.
 */
export async function readIssueScope(
  deps: ScopeProjectsDeps,
  { organization, params: { project }, query }: ScopedRequest,
): Promise<IssueScope> {
  const organizationId = organization.id;
  const named = readProjects(query);
  if (project === undefined) {
    return { organizationId, projects: named };
  }
  if (named === null) {
    return { organizationId, projects: [project] };
  }
  const [[ofPath], ofParameters] = await Promise.all([
    scopeProjects(deps, organizationId, [project]),
    scopeProjects(deps, organizationId, named),
  ]);
  const isNamed = ofParameters.some(({ id }) => id === ofPath?.id);
  return { organizationId, projects: isNamed ? [project] : [] };
}

/**
 * Calls `read`, which parses the rest of a request. Where it throws, the projects of the request
 * are looked up first, so that 404 for a missing project comes before 400. No round trip otherwise.
 */
export async function readInScope<T>(
  deps: ScopeProjectsDeps,
  { organizationId, projects }: IssueScope,
  read: () => T,
): Promise<T> {
  try {
    return read();
  } catch (error) {
    if (projects !== null) {
      await scopeProjects(deps, organizationId, projects);
    }
    throw error;
  }
}

function readProjects(query: URLSearchParams): string[] | null {
  const named = query.getAll('project').filter((project) => project !== '');
  return named.length === 0 || named.includes('-1') ? null : named;
}
