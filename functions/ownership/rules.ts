import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseOwnershipChange } from '../../shared/http/schemas/ownership/ownership.ts';
import { serializeOwnership } from '../../shared/http/serializers/ownership/ownership.ts';
import { readOwnership } from '../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../shared/operations/ownership/save-ownership.ts';
import type { OwnershipDeps } from './deps.ts';

/** Shows the ownership rules of a project and its settings of auto-assignment. */
export const getOwnership: Endpoint<'getOwnership', OwnershipDeps> = async (
  deps,
  { organization, params },
) => {
  const target = { organizationId: organization.id, project: params.project };
  return { status: 200, body: serializeOwnership(await readOwnership(deps, target)) };
};

/**
 * Saves the ownership rules of a project and its settings. The rules alone need no more than
 * `project:read`.
 */
export const updateOwnership: Endpoint<'updateOwnership', OwnershipDeps> = async (
  deps,
  { caller, organization, params, body, initiator },
) => {
  const described = await saveOwnership(deps, {
    organizationId: organization.id,
    project: params.project,
    change: parseOwnershipChange(body, hasScope(caller, 'project:write')),
    isTeamAdmin: hasScope(caller, 'team:admin'),
    initiator,
  });
  return { status: 200, body: serializeOwnership(described) };
};
