import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { ownershipReply } from '../../shared/http/ownership-detail.ts';
import { preconditionOf } from '../../shared/http/repetition/entity-tag.ts';
import { parseRestoration, versionIn } from '../../shared/http/schemas/ownership/ownership.ts';
import {
  saversOf,
  serializeKeptRules,
  serializeVersion,
} from '../../shared/http/serializers/ownership/versions.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import { requireOwnershipState } from '../../shared/operations/ownership/read-ownership.ts';
import {
  listVersions,
  readVersion,
  restoreVersion,
} from '../../shared/operations/ownership/versions.ts';
import type { OwnershipDeps } from './deps.ts';

/** Lists the versions of a project's rules that are kept, newest first. */
export const listOwnershipVersions: Endpoint<'listOwnershipVersions', OwnershipDeps> = async (
  deps,
  { organization, params },
) => {
  const target = { organizationId: organization.id, project: params.project };
  const versions = await listVersions(deps, target);
  const names = await namesOf(deps, saversOf(versions));
  return { status: 200, body: versions.map((version) => serializeVersion(version, names)) };
};

/** Shows all of a version, and what is different in it from the one that `against` names. */
export const getOwnershipVersion: Endpoint<'getOwnershipVersion', OwnershipDeps> = async (
  deps,
  { organization, params, query },
) => {
  const target = { organizationId: organization.id, project: params.project };
  const against = query.get('against');
  const [kept, other] = await Promise.all([
    readVersion(deps, { ...target, version: versionIn(params.version) }),
    against === null ? undefined : readVersion(deps, { ...target, version: versionIn(against) }),
  ]);
  const names = await namesOf(deps, saversOf([kept.saved]));
  return { status: 200, body: serializeKeptRules(kept, names, other) };
};

/** Makes the rules of a project what they were in a version. */
export const restoreOwnershipVersion: Endpoint<'restoreOwnershipVersion', OwnershipDeps> = async (
  deps,
  request,
) => {
  const { caller, organization, params, initiator, body } = request;
  const target = { organizationId: organization.id, project: params.project };
  const precondition = preconditionOf(request);
  await requireOwnershipState(deps, target, precondition);
  const restored = await restoreVersion(deps, {
    ...target,
    ...parseRestoration(body),
    version: versionIn(params.version),
    isTeamAdmin: hasScope(caller, 'team:admin'),
    initiator,
    precondition,
  });
  return ownershipReply(200, restored);
};
