import { grants, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import {
  isRulesOnly,
  parseOwnershipChange,
} from '../../shared/http/schemas/ownership/ownership.ts';
import { serializeOwnership } from '../../shared/http/serializers/ownership/ownership.ts';
import { readOwnership } from '../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../shared/operations/ownership/save-ownership.ts';
import type { OwnershipDeps } from './deps.ts';

/** A project's rules and settings. */
export function getOwnership(deps: OwnershipDeps): Endpoint {
  return async ({ caller, params }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read');
    const project = params.project ?? '';
    const described = await readOwnership(deps, { organizationId: organization.id, project });
    return { status: 200, body: serializeOwnership(described) };
  };
}

/** Saves rules and settings; whoever reads the project may save its rules. */
export function updateOwnership(deps: OwnershipDeps): Endpoint {
  return async ({ caller, params, body, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, isRulesOnly(body) ? 'project:read' : 'project:write');
    const described = await saveOwnership(deps, {
      organizationId: organization.id,
      project: params.project ?? '',
      change: parseOwnershipChange(body),
      isTeamAdmin: grants(caller.scopes, 'team:admin'),
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 200, body: serializeOwnership(described) };
  };
}
