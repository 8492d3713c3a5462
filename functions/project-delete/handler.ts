import { apiHandler } from '../../shared/http/api.ts';
import { deleteActiveProject } from './delete-project.ts';
import { wireProjectDelete } from './deps.ts';
import { getDeletion } from './get-deletion.ts';
import { restoreDeletedProject } from './restore-project.ts';

/** Accepts deletions of projects, cancels them, and shows their progress. */
export const handler = apiHandler({
  functionName: 'project-delete',
  deps: wireProjectDelete(),
  endpoints: {
    deleteProject: deleteActiveProject,
    restoreProject: restoreDeletedProject,
    getDeletion,
  },
});
