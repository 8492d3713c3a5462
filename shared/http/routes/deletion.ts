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
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/restore/',
    operation: 'restoreProject',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
    tagged: true,
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/deletion/',
    operation: 'getDeletion',
    function: 'project-delete',
    access: 'token',
    scopes: ['project:admin'],
  },
] as const satisfies readonly Route[];
