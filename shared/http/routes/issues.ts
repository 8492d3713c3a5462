import { narrowingParameters, type Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'group-read', access: 'token', scopes: ['event:read'] } as const;
const eventAdmin = { function: 'group-update', access: 'token', scopes: ['event:admin'] } as const;
const eventWrite = { function: 'group-update', access: 'token', scopes: ['event:write'] } as const;

/** Reading, updating and deleting issues, one by one or in bulk. */
export const ISSUE_ROUTES = [
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'updateProjectIssues',
    ...eventWrite,
    claimsKey: true,
    summary: 'Update the issues of a project that are named by `id` parameters or by a query.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/',
    operation: 'updateOrganizationIssues',
    ...eventWrite,
    claimsKey: true,
    summary:
      'Update the issues of an organization that are named by `id` parameters or by a query.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'updateOrganizationIssue',
    ...eventWrite,
    tagged: true,
    rateLimit: { operation: 'updateIssue', perSecond: 10 },
    summary: 'Update one issue of an organization, named by id or short id.',
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/',
    operation: 'updateIssue',
    ...eventWrite,
    tagged: true,
    rateLimit: { operation: 'updateIssue', perSecond: 10 },
    summary: 'Update one issue, named by id alone.',
  },
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'deleteProjectIssues',
    ...eventAdmin,
    claimsKey: true,
    summary: 'Delete the issues of a project that are named by `id` parameters or by a query.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/',
    operation: 'deleteOrganizationIssues',
    ...eventAdmin,
    claimsKey: true,
    summary:
      'Delete the issues of an organization that are named by `id` parameters or by a query.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'deleteOrganizationIssue',
    ...eventAdmin,
    rateLimit: { operation: 'deleteIssue', perSecond: 10 },
    summary: 'Delete one issue of an organization, named by id or short id.',
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/',
    operation: 'deleteIssue',
    ...eventAdmin,
    rateLimit: { operation: 'deleteIssue', perSecond: 10 },
    summary: 'Delete one issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'listProjectIssues',
    ...eventRead,
    narrowedBy: narrowingParameters,
    summary: 'List the issues of a project, page by page.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/',
    operation: 'listOrganizationIssues',
    ...eventRead,
    narrowedBy: narrowingParameters,
    summary: 'List the issues of an organization, page by page.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'getOrganizationIssue',
    ...eventRead,
    tagged: true,
    rateLimit: { operation: 'readIssue', perSecond: 5 },
    summary: 'Read one issue of an organization, named by id or short id.',
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/',
    operation: 'getIssue',
    ...eventRead,
    tagged: true,
    rateLimit: { operation: 'readIssue', perSecond: 5 },
    summary: 'Read one issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/shortids/{shortId}/',
    operation: 'resolveShortId',
    ...eventRead,
    summary: 'Read the issue that has a short id.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/activities/',
    operation: 'listIssueActivities',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the activities of an issue, newest first.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/events/latest/',
    operation: 'getLatestEvent',
    ...eventRead,
    summary: 'Read the latest event of an issue.',
  },
] as const satisfies readonly Route[];
