import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import {
  parseExternalUserUpdate,
  parseNewExternalUser,
} from '../../shared/http/schemas/sync/external-user.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  searchableExternalUser,
  serializeExternalUser,
} from '../../shared/http/serializers/sync/integration.ts';
import {
  addExternalUser,
  changeExternalUser,
  listExternalUsers,
  removeExternalUser,
} from '../../shared/operations/sync/external-users.ts';
import type { IntegrationsDeps } from './deps.ts';

/** Which accounts stand for which users. */
export function listOrganizationExternalUsers(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, query }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:read');
    const externalUsers = (await listExternalUsers(deps, id)).filter(
      bySearch(query.get('query'), searchableExternalUser),
    );
    return { status: 200, body: externalUsers.map(serializeExternalUser) };
  };
}

/** An account stands for a user; 200 where that was known. */
export function createExternalUser(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, body }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:write');
    const { externalUser, isNew } = await addExternalUser(deps, id, parseNewExternalUser(body));
    return { status: isNew ? 201 : 200, body: serializeExternalUser(externalUser) };
  };
}

/** It stands for somebody else, or is called something else. */
export function updateExternalUser(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, body }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:write');
    const fields = parseExternalUserUpdate(body);
    const externalUser = await changeExternalUser(deps, id, params.externalUser ?? '', fields);
    return { status: 200, body: serializeExternalUser(externalUser) };
  };
}

/** It stands for nobody any more. */
export function deleteExternalUser(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:write');
    await removeExternalUser(deps, id, params.externalUser ?? '');
    return { status: 204 };
  };
}
