import type { Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'group-read', access: 'token', scopes: ['event:read'] } as const;
const eventWrite = { function: 'group-update', access: 'token', scopes: ['event:write'] } as const;

/** What people write about issues. */
export const NOTE_ROUTES = [
  {
    method: 'GET',
    path: '/0/issues/{issue}/notes/',
    operation: 'listIssueNotes',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the notes of an issue, named by id alone, newest first.',
  },
  {
    method: 'POST',
    path: '/0/issues/{issue}/notes/',
    operation: 'createIssueNote',
    ...eventWrite,
    summary: 'Write a note about an issue, named by id alone.',
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/notes/{note}/',
    operation: 'updateIssueNote',
    ...eventWrite,
    summary: 'Change one’s own note about an issue, named by id alone.',
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/notes/{note}/',
    operation: 'deleteIssueNote',
    ...eventWrite,
    summary: 'Delete one’s own note about an issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/notes/',
    operation: 'listOrganizationIssueNotes',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the notes of an issue, named by id or short id, newest first.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/issues/{issue}/notes/',
    operation: 'createOrganizationIssueNote',
    ...eventWrite,
    summary: 'Write a note about an issue, named by id or short id.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/notes/{note}/',
    operation: 'updateOrganizationIssueNote',
    ...eventWrite,
    summary: 'Change one’s own note about an issue, named by id or short id.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/notes/{note}/',
    operation: 'deleteOrganizationIssueNote',
    ...eventWrite,
    summary: 'Delete one’s own note about an issue, named by id or short id.',
  },
] as const satisfies readonly Route[];
