import { apiHandler } from '../../shared/http/api.ts';
import { deleteActiveProject } from './delete-project.ts';
import { wireProjectDelete } from './deps.ts';
import { getDeletion } from './get-deletion.ts';
import { restoreDeletedProject } from './restore-project.ts';

const deps = wireProjectDelete();

/** Accepts the deletion of projects, takes it back, and tells how far it is. */
export const handler = apiHandler({
  functionName: 'project-delete',
  log: deps.log,
  endpoints: {
    deleteProject: deleteActiveProject(deps),
    restoreProject: restoreDeletedProject(deps),
    getDeletion: getDeletion(deps),
  },
});
