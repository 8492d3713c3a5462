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
  },
  {
    method: 'POST',
    path: '/0/issues/{issue}/notes/',
    operation: 'createIssueNote',
    ...eventWrite,
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/notes/{note}/',
    operation: 'updateIssueNote',
    ...eventWrite,
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/notes/{note}/',
    operation: 'deleteIssueNote',
    ...eventWrite,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/notes/',
    operation: 'listOrganizationIssueNotes',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/issues/{issue}/notes/',
    operation: 'createOrganizationIssueNote',
    ...eventWrite,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/notes/{note}/',
    operation: 'updateOrganizationIssueNote',
    ...eventWrite,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/notes/{note}/',
    operation: 'deleteOrganizationIssueNote',
    ...eventWrite,
  },
] as const satisfies readonly Route[];
