import { type ScopeProjectsDeps, scopeProjects } from '../operations/lookup/scope-projects.ts';
import type { ApiRequest } from './api.ts';

/** Where a request looks for its issues. */
export type IssueScope = {
  readonly organizationId: string;
  /** Ids or slugs; null for all of the organization. */
  readonly projects: readonly string[] | null;
};

/**
 * Where a request looks for its issues: in the project that its path names, or in those of its
 * `project` parameters. Where both name projects, one that is not named by both has no issues for
 * the request. An empty parameter and `-1` stand for every project, for reads and writes alike.
 */
export async function readIssueScope(
  deps: ScopeProjectsDeps,
  { params: { project }, query }: ApiRequest,
  organizationId: string,
): Promise<IssueScope> {
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
 * What `read` makes of a request, before anything is looked up. Where it throws, projects that are
 * not there are told first: 404 comes before 400.
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
