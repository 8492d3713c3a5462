import type { Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'group-read', access: 'token', scopes: ['event:read'] } as const;

/** What is known of the events of issues, which are not kept. */
export const EVENT_ROUTES = [
  {
    method: 'GET',
    path: '/0/issues/{issue}/hashes/',
    operation: 'listIssueHashes',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/events/',
    operation: 'listIssueEvents',
    ...eventRead,
    narrowedBy: ['statsPeriod', 'start', 'end'],
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/tags/',
    operation: 'listIssueTags',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/tags/{tag}/',
    operation: 'getIssueTag',
    ...eventRead,
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/tags/{tag}/values/',
    operation: 'listIssueTagValues',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/hashes/',
    operation: 'listOrganizationIssueHashes',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/events/',
    operation: 'listOrganizationIssueEvents',
    ...eventRead,
    narrowedBy: ['statsPeriod', 'start', 'end'],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/tags/',
    operation: 'listOrganizationIssueTags',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/tags/{tag}/',
    operation: 'getOrganizationIssueTag',
    ...eventRead,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/tags/{tag}/values/',
    operation: 'listOrganizationIssueTagValues',
    ...eventRead,
    narrowedBy: [],
  },
] as const satisfies readonly Route[];
