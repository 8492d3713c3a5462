import type { Route } from './route.ts';

/** Deleting projects, restoring them, and the progress of a deletion. */
export const DELETION_ROUTES = [
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/',
    operation: 'deleteProject',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
    summary: 'Delete a project with everything that belongs to it.',
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/restore/',
    operation: 'restoreProject',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
    tagged: true,
    summary: 'Restore a project, named by its id, whose deletion has not begun.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/deletion/',
    operation: 'getDeletion',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
    summary: 'Read the progress of the deletion of a project, named by its id.',
  },
] as const satisfies readonly Route[];
