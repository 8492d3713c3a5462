import type { Route } from './route.ts';

/** Projects on their way out, and back. */
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
    summary: 'Take back the deletion of a project, named by its id, that has not begun.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/deletion/',
    operation: 'getDeletion',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
    summary: 'Read how far the deletion of a project, named by its id, has come.',
  },
] as const satisfies readonly Route[];
