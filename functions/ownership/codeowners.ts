import { organizationOf, requireScope, type Scope } from '../../shared/http/access.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import {
  parseCodeownersChange,
  parseNewCodeowners,
} from '../../shared/http/schemas/ownership/codeowners.ts';
import { serializeCodeowners } from '../../shared/http/serializers/ownership/ownership.ts';
import {
  createCodeowners,
  listCodeowners,
  removeCodeowners,
  updateCodeowners,
} from '../../shared/operations/ownership/codeowners.ts';
import type { OwnershipDeps } from './deps.ts';

/** The CODEOWNERS files of a project. */
export function listCodeownersFiles(deps: OwnershipDeps): Endpoint {
  return async (request) => {
    const files = await listCodeowners(deps, targetOf(request, 'project:read'));
    return { status: 200, body: serializeCodeowners(files) };
  };
}

/** One more CODEOWNERS file. */
export function createCodeownersFile(deps: OwnershipDeps): Endpoint {
  return async (request) => {
    const target = targetOf(request, 'project:write');
    const file = await createCodeowners(deps, target, parseNewCodeowners(request.body));
    return { status: 201, body: serializeCodeowners([file])[0] };
  };
}

/** Another text, or another mapping, of a CODEOWNERS file. */
export function updateCodeownersFile(deps: OwnershipDeps): Endpoint {
  return async (request) => {
    const target = { ...targetOf(request, 'project:write'), id: request.params.id ?? '' };
    const file = await updateCodeowners(deps, target, parseCodeownersChange(request.body));
    return { status: 200, body: serializeCodeowners([file])[0] };
  };
}

/** One CODEOWNERS file less. */
export function deleteCodeownersFile(deps: OwnershipDeps): Endpoint {
  return async (request) => {
    const target = { ...targetOf(request, 'project:write'), id: request.params.id ?? '' };
    await removeCodeowners(deps, target);
    return { status: 204 };
  };
}

function targetOf({ caller, params, requestId }: ApiRequest, scope: Scope) {
  const organization = organizationOf(caller, params.org ?? '');
  requireScope(caller, scope);
  return {
    organizationId: organization.id,
    project: params.project ?? '',
    initiator: { actingUserId: caller.userId, requestId },
  };
}
