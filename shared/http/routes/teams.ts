import type { Route } from './route.ts';

/** Teams and members: created, put where they belong, and deleted. */
export const TEAM_ROUTES = [
  {
    method: 'POST',
    path: '/0/organizations/{org}/teams/',
    operation: 'createTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'Create a team.',
  },
  {
    method: 'DELETE',
    path: '/0/teams/{org}/{team}/',
    operation: 'deleteTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'Delete a team; the issues that it held are unassigned.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/members/{member}/',
    operation: 'deleteMember',
    function: 'directory-write',
    access: 'token',
    summary: 'End a membership in an organization and in its teams.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/members/',
    operation: 'addMember',
    function: 'directory-write',
    access: 'token',
    summary: 'Make a user a member of an organization.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/members/{member}/teams/{team}/',
    operation: 'joinTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'Make a member of an organization a member of a team.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/members/{member}/teams/{team}/',
    operation: 'leaveTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'End a membership in a team.',
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/teams/{team}/',
    operation: 'addProjectTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'Put a team on a project.',
  },
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/teams/{team}/',
    operation: 'removeProjectTeam',
    function: 'directory-write',
    access: 'token',
    summary: 'Take a team off a project.',
  },
] as const satisfies readonly Route[];
