import { narrowingParameters, type Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'group-read', access: 'token', scopes: ['event:read'] } as const;
const eventAdmin = {
  function: 'group-update',
  access: 'token',
  scopes: ['event:admin'],
  takesDryRun: true,
} as const;
const eventWrite = {
  function: 'group-update',
  access: 'token',
  scopes: ['event:write'],
  takesDryRun: true,
} as const;

/** Reading, updating and deleting issues, one by one or in bulk. */
export const ISSUE_ROUTES = [
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'updateProjectIssues',
    ...eventWrite,
    claimsKey: true,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/',
    operation: 'updateOrganizationIssues',
    ...eventWrite,
    claimsKey: true,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'updateOrganizationIssue',
    ...eventWrite,
    tagged: true,
    rateLimit: { operation: 'updateIssue', perSecond: 10 },
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/',
    operation: 'updateIssue',
    ...eventWrite,
    tagged: true,
    rateLimit: { operation: 'updateIssue', perSecond: 10 },
  },
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'deleteProjectIssues',
    ...eventAdmin,
    claimsKey: true,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/',
    operation: 'deleteOrganizationIssues',
    ...eventAdmin,
    claimsKey: true,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'deleteOrganizationIssue',
    ...eventAdmin,
    rateLimit: { operation: 'deleteIssue', perSecond: 10 },
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/',
    operation: 'deleteIssue',
    ...eventAdmin,
    rateLimit: { operation: 'deleteIssue', perSecond: 10 },
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'listProjectIssues',
    ...eventRead,
    narrowedBy: narrowingParameters,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/',
    operation: 'listOrganizationIssues',
    ...eventRead,
    narrowedBy: narrowingParameters,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'getOrganizationIssue',
    ...eventRead,
    tagged: true,
    rateLimit: { operation: 'readIssue', perSecond: 5 },
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/',
    operation: 'getIssue',
    ...eventRead,
    tagged: true,
    rateLimit: { operation: 'readIssue', perSecond: 5 },
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/shortids/{shortId}/',
    operation: 'resolveShortId',
    ...eventRead,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/activities/',
    operation: 'listIssueActivities',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/events/latest/',
    operation: 'getLatestEvent',
    ...eventRead,
  },
] as const satisfies readonly Route[];
