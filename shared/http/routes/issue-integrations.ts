import type { Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'integrations', access: 'token', scopes: ['event:read'] } as const;
const eventWrite = { function: 'integrations', access: 'token', scopes: ['event:write'] } as const;

/** Links of issues to trackers, as Sentry's own client reads and makes them. */
export const ISSUE_INTEGRATION_ROUTES = [
  {
    method: 'GET',
    path: '/0/issues/{issue}/integrations/',
    operation: 'listIssueIntegrations',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'getIssueIntegration',
    ...eventRead,
  },
  {
    method: 'POST',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'createTrackerIssue',
    ...eventWrite,
    claimsKey: true,
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'linkIssueIntegration',
    ...eventWrite,
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'unlinkIssueIntegration',
    ...eventWrite,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/integrations/',
    operation: 'listOrganizationIssueIntegrations',
    ...eventRead,
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'getOrganizationIssueIntegration',
    ...eventRead,
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'createOrganizationTrackerIssue',
    ...eventWrite,
    claimsKey: true,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'linkOrganizationIssueIntegration',
    ...eventWrite,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'unlinkOrganizationIssueIntegration',
    ...eventWrite,
  },
] as const satisfies readonly Route[];
