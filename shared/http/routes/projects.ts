import type { Route } from './route.ts';

/** Projects: created and updated, with what users want to hear of them. */
export const PROJECT_ROUTES = [
  {
    method: 'POST',
    path: '/0/teams/{org}/{team}/projects/',
    operation: 'createProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:write'],
    summary: 'Create a project in a team.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/',
    operation: 'updateProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    summary: 'Update a project, or bookmark it.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'getNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    summary: 'Read what the token’s user wants to hear of a project.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'updateNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    summary: 'Change what the token’s user wants to hear of a project.',
  },
] as const satisfies readonly Route[];
