import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
import { codeownersReply } from '../../shared/http/ownership-detail.ts';
import { preconditionOf } from '../../shared/http/repetition/entity-tag.ts';
import { readLater } from '../../shared/http/repetition/read-later.ts';
import {
  parseCodeownersChange,
  parseNewCodeowners,
  parseSkipTests,
} from '../../shared/http/schemas/ownership/codeowners.ts';
import { serializeCodeowners } from '../../shared/http/serializers/ownership/ownership.ts';
import {
  createCodeowners,
  listCodeowners,
  readCodeowners,
  removeCodeowners,
  requireCodeownersState,
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

/** Shows a CODEOWNERS file of a project. */
export const getCodeownersFile: Endpoint<'getCodeowners', OwnershipDeps> = async (deps, request) =>
  codeownersReply(200, await readCodeowners(deps, { ...targetOf(request), id: request.params.id }));

/** Adds a CODEOWNERS file to a project. */
export const createCodeownersFile: Endpoint<'createCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const file = await createCodeowners(
    deps,
    { ...targetOf(request), skipTests: parseSkipTests(request.body) },
    parseNewCodeowners(request.body),
  );
  return codeownersReply(201, file);
};

/** Changes the text or the path mapping of a CODEOWNERS file. */
export const updateCodeownersFile: Endpoint<'updateCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const target = { ...targetOf(request), id: request.params.id };
  const change = readLater(() => ({
    wanted: parseCodeownersChange(request.body),
    skipTests: parseSkipTests(request.body),
  }));
  const precondition = preconditionOf(request);
  await requireCodeownersState(deps, target, precondition);
  const { wanted, skipTests } = change();
  const file = await updateCodeowners(deps, { ...target, skipTests }, wanted, precondition);
  return codeownersReply(200, file);
};

/** Deletes a CODEOWNERS file. */
export const deleteCodeownersFile: Endpoint<'deleteCodeowners', OwnershipDeps> = async (
  deps,
  request,
) => {
  const { id } = request.params;
  const skipTests = parseSkipTests(request.body);
  await removeCodeowners(deps, { ...targetOf(request), id, skipTests });
  return { status: 204 };
};

function targetOf({
  organization,
  params,
  initiator,
}: RequestOf<
  'listCodeowners' | 'getCodeowners' | 'createCodeowners' | 'updateCodeowners' | 'deleteCodeowners'
>) {
  return { organizationId: organization.id, project: params.project, initiator };
}
