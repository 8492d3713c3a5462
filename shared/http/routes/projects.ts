import type { Route } from './route.ts';

/** Creating and updating projects, and the notification settings that users have for them. */
export const PROJECT_ROUTES = [
  {
    method: 'POST',
    path: '/0/teams/{org}/{team}/projects/',
    operation: 'createProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:write'],
    tagged: true,
    summary: 'Create a project in a team.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/',
    operation: 'updateProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    tagged: true,
    summary: 'Bookmark a project; update it with project:write.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'getNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    summary: 'Read the notification settings of the token’s user for a project.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'updateNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    summary: 'Change the notification settings of the token’s user for a project.',
  },
] as const satisfies readonly Route[];
