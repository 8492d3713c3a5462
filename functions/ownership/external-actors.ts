import type { Actor } from '../../shared/domain/actor.ts';
import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
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

type ListOf = 'listExternalUsers' | 'listExternalTeams';
type CreateOf = 'createExternalUser' | 'createExternalTeam';
type UpdateOf = 'updateExternalUser' | 'updateExternalTeam';
type DeleteOf = 'deleteExternalUser' | 'deleteExternalTeam';

/** Lists which tracker accounts are which users, or which tracker groups are which teams. */
function list(type: Actor['type']): Endpoint<ListOf, OwnershipDeps> {
  return async (deps, request) => {
    const all = await listExternalActors(deps, scopeOf(request, type));
    const actors = all.filter(bySearch(request.query.get('query'), searchableExternalActor));
    return { status: 200, body: actors.map(serializeExternalActor) };
  };
}

/** Adds an external actor; 200 for one that exists already. */
function create(type: Actor['type']): Endpoint<CreateOf, OwnershipDeps> {
  return async (deps, request) => {
    const input = parseNewExternalActor(type, request.body);
    const { externalActor, isNew } = await addExternalActor(deps, scopeOf(request, type), input);
    return { status: isNew ? 201 : 200, body: serializeExternalActor(externalActor) };
  };
}

/** Changes the user or team of an external actor, or its name in the tracker. */
function update(type: Actor['type']): Endpoint<UpdateOf, OwnershipDeps> {
  return async (deps, request) => {
    const fields = parseExternalActorUpdate(type, request.body);
    const scope = scopeOf(request, type);
    const changed = await changeExternalActor(deps, scope, idOf(request), fields);
    return { status: 200, body: serializeExternalActor(changed) };
  };
}

/** Deletes an external actor. */
function remove(type: Actor['type']): Endpoint<DeleteOf, OwnershipDeps> {
  return async (deps, request) => {
    await removeExternalActor(deps, scopeOf(request, type), idOf(request));
    return { status: 204 };
  };
}

/** The endpoints for external actors: the accounts and groups of trackers that are known here. */
export const externalActorEndpoints = {
  listExternalUsers: list('user'),
  createExternalUser: create('user'),
  updateExternalUser: update('user'),
  deleteExternalUser: remove('user'),
  listExternalTeams: list('team'),
  createExternalTeam: create('team'),
  updateExternalTeam: update('team'),
  deleteExternalTeam: remove('team'),
};

function scopeOf(
  { organization, initiator }: RequestOf<ListOf | CreateOf | UpdateOf | DeleteOf>,
  type: Actor['type'],
) {
  return { organizationId: organization.id, type, initiator };
}

function idOf({ params }: RequestOf<UpdateOf | DeleteOf>): string {
  return 'externalTeam' in params ? params.externalTeam : params.externalUser;
}
