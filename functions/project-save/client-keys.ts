import type { Endpoint } from '../../shared/http/api.ts';
import { parseClientKey } from '../../shared/http/schemas/projects/client-key.ts';
import { serializeClientKey } from '../../shared/http/serializers/projects/client-key.ts';
import {
  changeClientKey,
  createClientKey,
  deleteClientKey,
} from '../../shared/operations/projects/client-keys.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Adds a client key to a project. */
export const createProjectKey: Endpoint<'createProjectKey', ProjectSaveDeps> = async (
  deps,
  { organization, params, body, baseUrl },
) => {
  const named = { organizationId: organization.id, project: params.project };
  const key = await createClientKey(deps, named, parseClientKey(body));
  return { status: 201, body: serializeClientKey(key, baseUrl) };
};

/** Changes a client key of a project. */
export const updateProjectKey: Endpoint<'updateProjectKey', ProjectSaveDeps> = async (
  deps,
  { organization, params, body, baseUrl },
) => {
  const named = { organizationId: organization.id, project: params.project, keyId: params.key };
  const key = await changeClientKey(deps, named, parseClientKey(body));
  return { status: 200, body: serializeClientKey(key, baseUrl) };
};

/** Deletes a client key of a project. */
export const deleteProjectKey: Endpoint<'deleteProjectKey', ProjectSaveDeps> = async (
  deps,
  { organization, params },
) => {
  const named = { organizationId: organization.id, project: params.project, keyId: params.key };
  await deleteClientKey(deps, named);
  return { status: 204 };
};
