import { dryRunRefused, invalidRequest } from '../domain/errors.ts';
import { organizationOf, requireScope } from './access.ts';
import type { ApiRequest } from './api.ts';
import { narrowingParameters, type Route } from './routes/route.ts';

/**
 * Judges what the route table says of a request, before its endpoint sees it: the organization is
 * there (404), the token may (403), a write is no dry run, and a list is not asked to narrow itself
 * by what it does not know (400).
 */
export function admit(route: Route, { caller, params, query }: ApiRequest): void {
  // Until the signature is verified nothing else of the request is told.
  if (route.access === 'signature') {
    return;
  }
  if (params.org !== undefined) {
    organizationOf(caller, params.org);
  }
  if (route.scopes.length > 0) {
    requireScope(caller, ...route.scopes);
  }
  if (route.method !== 'GET') {
    if (query.has('dryRun')) {
      throw dryRunRefused();
    }
  } else if (route.narrowedBy !== undefined) {
    requireNarrowable(route.narrowedBy, query);
  }
}

/** Nothing narrows a list that is sent empty; of projects, `-1` stands for all of them. */
function requireNarrowable(
  narrowedBy: NonNullable<Route['narrowedBy']>,
  query: URLSearchParams,
): void {
  for (const name of narrowingParameters) {
    const asks = query
      .getAll(name)
      .some((value) => value !== '' && `${name}=${value}` !== 'project=-1');
    if (asks && !narrowedBy.includes(name)) {
      throw invalidRequest(`This list cannot be narrowed by ${name}: leave it out.`);
    }
  }
}
