import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { ownershipReply } from '../../shared/http/ownership-detail.ts';
import { preconditionOf } from '../../shared/http/repetition/entity-tag.ts';
import { readLater } from '../../shared/http/repetition/read-later.ts';
import { parseOwnershipChange } from '../../shared/http/schemas/ownership/ownership.ts';
import {
  readOwnership,
  requireOwnershipState,
} from '../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../shared/operations/ownership/save-ownership.ts';
import type { OwnershipDeps } from './deps.ts';

/** Shows the ownership rules of a project and its settings of auto-assignment. */
export const getOwnership: Endpoint<'getOwnership', OwnershipDeps> = async (
  deps,
  { organization, params },
) => {
  const target = { organizationId: organization.id, project: params.project };
  return ownershipReply(200, await readOwnership(deps, target));
};

/**
 * Saves the ownership rules of a project and its settings. The rules alone need no more than
 * `project:read`.
 */
export const updateOwnership: Endpoint<'updateOwnership', OwnershipDeps> = async (
  deps,
  request,
) => {
  const { caller, organization, params, initiator } = request;
  const target = { organizationId: organization.id, project: params.project };
  const mayWrite = hasScope(caller, 'project:write');
  const change = readLater(() => parseOwnershipChange(request.body, mayWrite));
  const precondition = preconditionOf(request);
  await requireOwnershipState(deps, target, precondition);
  const described = await saveOwnership(deps, {
    ...target,
    ...change(),
    isTeamAdmin: hasScope(caller, 'team:admin'),
    initiator,
    precondition,
  });
  return ownershipReply(200, described);
};
