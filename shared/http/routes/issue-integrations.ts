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
    summary: 'List the trackers that an issue can be linked to, with its links.',
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'getIssueIntegration',
    ...eventRead,
    summary: 'Read how an issue is linked to an issue of a tracker.',
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'linkIssueIntegration',
    ...eventWrite,
    summary: 'Link an issue to an issue of a tracker.',
  },
  {
    method: 'DELETE',
    path: '/0/issues/{issue}/integrations/{integration}/',
    operation: 'unlinkIssueIntegration',
    ...eventWrite,
    summary: 'Remove a link of an issue to an issue of a tracker.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/integrations/',
    operation: 'listOrganizationIssueIntegrations',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the trackers that an issue can be linked to, with its links.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'getOrganizationIssueIntegration',
    ...eventRead,
    summary: 'Read how an issue is linked to an issue of a tracker.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'linkOrganizationIssueIntegration',
    ...eventWrite,
    summary: 'Link an issue to an issue of a tracker.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/integrations/{integration}/',
    operation: 'unlinkOrganizationIssueIntegration',
    ...eventWrite,
    summary: 'Remove a link of an issue to an issue of a tracker.',
  },
] as const satisfies readonly Route[];
