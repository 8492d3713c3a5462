import type { Actor } from '../../shared/domain/actor.ts';
import { organizationOf, requireScope, type Scope } from '../../shared/http/access.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import {
  parseExternalActorUpdate,
  parseNewExternalActor,
} from '../../shared/http/schemas/sync/external-actor.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  searchableExternalActor,
  serializeExternalActor,
} from '../../shared/http/serializers/sync/integration.ts';
import {
  addExternalActor,
  changeExternalActor,
  listExternalActors,
  removeExternalActor,
} from '../../shared/operations/sync/external-actors.ts';
import type { OwnershipDeps } from './deps.ts';

/** Whom accounts in trackers stand for, users and teams alike. */
export function externalActorEndpoints(deps: OwnershipDeps) {
  return {
    listExternalUsers: listOrganizationExternalActors(deps, 'user'),
    createExternalUser: createExternalActor(deps, 'user'),
    updateExternalUser: updateExternalActor(deps, 'user'),
    deleteExternalUser: deleteExternalActor(deps, 'user'),
    listExternalTeams: listOrganizationExternalActors(deps, 'team'),
    createExternalTeam: createExternalActor(deps, 'team'),
    updateExternalTeam: updateExternalActor(deps, 'team'),
    deleteExternalTeam: deleteExternalActor(deps, 'team'),
  };
}

/** Which accounts stand for which users, or which groups for which teams. */
function listOrganizationExternalActors(deps: OwnershipDeps, type: Actor['type']): Endpoint {
  return async (request) => {
    const all = await listExternalActors(deps, scopeOf(request, type, 'org:read'));
    const actors = all.filter(bySearch(request.query.get('query'), searchableExternalActor));
    return { status: 200, body: actors.map(serializeExternalActor) };
  };
}

/** An account stands for a user or a team; 200 where that was known. */
function createExternalActor(deps: OwnershipDeps, type: Actor['type']): Endpoint {
  return async (request) => {
    const scope = scopeOf(request, type, 'org:write');
    const input = parseNewExternalActor(type, request.body);
    const { externalActor, isNew } = await addExternalActor(deps, scope, input);
    return { status: isNew ? 201 : 200, body: serializeExternalActor(externalActor) };
  };
}

/** It stands for somebody else, or is called something else. */
function updateExternalActor(deps: OwnershipDeps, type: Actor['type']): Endpoint {
  return async (request) => {
    const scope = scopeOf(request, type, 'org:write');
    const fields = parseExternalActorUpdate(type, request.body);
    const changed = await changeExternalActor(deps, scope, idOf(request, type), fields);
    return { status: 200, body: serializeExternalActor(changed) };
  };
}

/** It stands for nobody any more. */
function deleteExternalActor(deps: OwnershipDeps, type: Actor['type']): Endpoint {
  return async (request) => {
    await removeExternalActor(deps, scopeOf(request, type, 'org:write'), idOf(request, type));
    return { status: 204 };
  };
}

function scopeOf({ caller, params, requestId }: ApiRequest, type: Actor['type'], needed: Scope) {
  const { id: organizationId } = organizationOf(caller, params.org ?? '');
  requireScope(caller, needed);
  return { organizationId, type, initiator: { actingUserId: caller.userId, requestId } };
}

function idOf({ params }: ApiRequest, type: Actor['type']): string {
  return (type === 'team' ? params.externalTeam : params.externalUser) ?? '';
}
