import { dryRunRefused, invalidRequest } from '../domain/errors.ts';
import { requireScope } from './access.ts';
import { readDryRun } from './bulk/dry-run.ts';
import type { ApiRequest } from './endpoint.ts';
import { heedsIfMatch, narrowingParameters, type Route } from './routes/route.ts';

/**
 * Checks a request against its row of the route table, before its endpoint sees it. Throws
 * `access.forbidden` for a token with none of the row's scopes, and `request.invalid` for a write
 * that asks for a dry run, and for a list or a work over many issues that is narrowed by what it
 * does not support.
 * A body that is no JSON is refused here, except where the endpoint has other reasons to refuse the
 * request first.
 */
export function requireAdmissible(
  route: Route,
  request: Pick<ApiRequest, 'caller' | 'query' | 'body'>,
): void {
  const { caller, query } = request;
  // The function checks the signature itself, and answers nothing else before it has.
  if (route.access === 'signature') {
    return;
  }
  if (route.access === 'token') {
    requireScopes(route, caller);
  }
  if (route.method !== 'GET') {
    requireWritable(route, request);
  }
  if (route.narrowedBy !== undefined) {
    requireNarrowable(route, route.narrowedBy, query);
  }
}

function requireScopes(
  route: Extract<Route, { access: 'token' }>,
  caller: ApiRequest['caller'],
): void {
  if (route.scopes.length > 0) {
    requireScope(caller, ...route.scopes);
  }
  if ('alsoScope' in route && route.alsoScope !== undefined) {
    requireScope(caller, route.alsoScope);
  }
}

function requireWritable(route: Route, request: Pick<ApiRequest, 'query' | 'body'>): void {
  requireTriable(route, request.query);
  // An SDK is told first that its key is none.
  if (route.access === 'token' && !heedsIfMatch(route)) {
    requireReadable(request);
  }
}

/** Throws where a write that cannot be tried is asked to be, and for a `dryRun` that is none. */
function requireTriable({ takesDryRun }: Route, query: URLSearchParams): void {
  const misspelt = [...query.keys()].find((name) => name !== 'dryRun' && isDryRun(name));
  if (misspelt !== undefined) {
    throw invalidRequest(`Unknown parameter: ${misspelt}. Did you mean dryRun?`);
  }
  if (query.has('dryRun') && takesDryRun !== true) {
    throw dryRunRefused();
  }
  readDryRun(query);
}

/** Whether a name is `dryRun` in somebody else's spelling: a write must not be made for that. */
function isDryRun(name: string): boolean {
  return /^dry[^a-z]{0,3}run[^a-z]{0,3}$/i.test(name);
}

/** Reading the body throws for one that is no JSON. */
function requireReadable({ body }: Pick<ApiRequest, 'body'>): unknown {
  return body;
}

/** An empty parameter narrows nothing, and neither does `project=-1`, which means all projects. */
function requireNarrowable(
  { method }: Route,
  narrowedBy: NonNullable<Route['narrowedBy']>,
  query: URLSearchParams,
): void {
  for (const name of narrowingParameters) {
    const isSent = query
      .getAll(name)
      .some((value) => value !== '' && `${name}=${value}` !== 'project=-1');
    if (isSent && !narrowedBy.includes(name)) {
      const what = method === 'GET' ? 'This list' : 'What this does';
      throw invalidRequest(`${what} cannot be narrowed by ${name}: leave it out.`);
    }
  }
}
