import { invalidRequest } from '../../shared/domain/errors.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  searchableClientKey,
  serializeClientKey,
} from '../../shared/http/serializers/projects/client-key.ts';
import { readClientKey, readClientKeys } from '../../shared/operations/projects/client-keys.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** Lists the client keys of a project, the oldest first. */
export const listProjectKeys: Endpoint<'listProjectKeys', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { params, organization, query, baseUrl } = request;
  const wanted = wantedState(query);
  const named = { organizationId: organization.id, project: params.project };
  const found = (await readClientKeys(deps, named))
    .filter(({ isActive }) => wanted === null || isActive === wanted)
    .filter(bySearch(query.get('query'), searchableClientKey));
  const { page, headers } = pageOf(request, found);
  return { status: 200, headers, body: page.map((key) => serializeClientKey(key, baseUrl)) };
};

/** Shows one client key of a project. */
export const getProjectKey: Endpoint<'getProjectKey', DirectoryReadDeps> = async (
  deps,
  { organization, params, baseUrl },
) => {
  const named = { organizationId: organization.id, project: params.project, keyId: params.key };
  return { status: 200, body: serializeClientKey(await readClientKey(deps, named), baseUrl) };
};

/** Whether the keys that are listed are to be active; null for any. */
function wantedState(query: URLSearchParams): boolean | null {
  const status = query.get('status') ?? '';
  if (status === '') {
    return null;
  }
  if (status !== 'active' && status !== 'inactive') {
    throw invalidRequest('The status of client keys is active or inactive.');
  }
  return status === 'active';
}
