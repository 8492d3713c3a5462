import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { serializeDeletion } from '../../shared/http/serializers/projects/deletion.ts';
import { readDeletion } from '../../shared/operations/projects/read-deletion.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** How far the deletion of a project is. */
export function getDeletion(deps: ProjectDeleteDeps): Endpoint {
  return async ({ caller, params }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:admin');
    const deletion = await readDeletion(deps, organization.id, params.project ?? '');
    return { status: 200, body: serializeDeletion(deletion) };
  };
}
