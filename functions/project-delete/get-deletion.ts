import type { Endpoint } from '../../shared/http/api.ts';
import { serializeDeletion } from '../../shared/http/serializers/projects/deletion.ts';
import { readDeletion } from '../../shared/operations/projects/read-deletion.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** Shows the progress of a project's deletion. */
export const getDeletion: Endpoint<'getDeletion', ProjectDeleteDeps> = async (
  deps,
  { organization, params },
) => {
  const deletion = await readDeletion(deps, organization.id, params.project);
  return { status: 200, body: serializeDeletion(deletion) };
};
