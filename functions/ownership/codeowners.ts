import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
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

/** Lists the CODEOWNERS files of a project. */
export const listCodeownersFiles: Endpoint<'listCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const files = await listCodeowners(deps, targetOf(request));
  return { status: 200, body: serializeCodeowners(files) };
};

/** Adds a CODEOWNERS file to a project. */
export const createCodeownersFile: Endpoint<'createCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const file = await createCodeowners(deps, targetOf(request), parseNewCodeowners(request.body));
  return { status: 201, body: serializeCodeowners([file])[0] };
};

/** Changes the text or the path mapping of a CODEOWNERS file. */
export const updateCodeownersFile: Endpoint<'updateCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const target = { ...targetOf(request), id: request.params.id };
  const file = await updateCodeowners(deps, target, parseCodeownersChange(request.body));
  return { status: 200, body: serializeCodeowners([file])[0] };
};

/** Deletes a CODEOWNERS file. */
export const deleteCodeownersFile: Endpoint<'deleteCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  await removeCodeowners(deps, { ...targetOf(request), id: request.params.id });
  return { status: 204 };
};

function targetOf({
  organization,
  params,
  initiator,
}: RequestOf<'listCodeowners' | 'createCodeowners' | 'updateCodeowners' | 'deleteCodeowners'>) {
  return { organizationId: organization.id, project: params.project, initiator };
}
