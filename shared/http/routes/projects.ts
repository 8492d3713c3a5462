import type { Route } from './route.ts';

/** Writing projects, their client keys, and the notification settings that users have for them. */
export const PROJECT_ROUTES = [
  {
    method: 'POST',
    path: '/0/teams/{org}/{team}/projects/',
    operation: 'createProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:write'],
    tagged: true,
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/',
    operation: 'updateProject',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
    tagged: true,
    claimsKey: true,
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'getNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/notification-settings/',
    operation: 'updateNotificationSettings',
    function: 'project-save',
    access: 'token',
    scopes: ['project:read'],
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/keys/',
    operation: 'createProjectKey',
    function: 'project-save',
    access: 'token',
    scopes: ['project:write'],
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/keys/{key}/',
    operation: 'updateProjectKey',
    function: 'project-save',
    access: 'token',
    scopes: ['project:write'],
  },
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/keys/{key}/',
    operation: 'deleteProjectKey',
    function: 'project-save',
    access: 'token',
    scopes: ['project:admin'],
  },
] as const satisfies readonly Route[];
