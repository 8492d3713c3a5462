import type { Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventWrite = { function: 'integrations', access: 'token', scopes: ['event:write'] } as const;
const orgRead = { function: 'integrations', access: 'token', scopes: ['org:read'] } as const;
const orgWrite = { function: 'integrations', access: 'token', scopes: ['org:write'] } as const;

/** Integrations with trackers, links of issues to them, and their webhooks. */
export const INTEGRATION_ROUTES = [
  {
    method: 'POST',
    path: '/0/extensions/{provider}/webhook/{integrationId}/',
    operation: 'receiveWebhook',
    function: 'webhook',
    access: 'signature',
    whyNoScope: 'Trackers have no token; they sign what they send.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/integrations/',
    operation: 'listIntegrations',
    ...orgRead,
    narrowedBy: ['query'],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/integrations/',
    operation: 'createIntegration',
    ...orgWrite,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'getIntegration',
    ...orgRead,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'updateIntegration',
    ...orgWrite,
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'configureIntegration',
    ...orgWrite,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'deleteIntegration',
    function: 'integrations',
    access: 'token',
    scopes: ['org:admin'],
    claimsKey: true,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/',
    operation: 'listExternalIssues',
    function: 'integrations',
    access: 'token',
    scopes: ['event:read'],
    narrowedBy: [],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/',
    operation: 'linkExternalIssue',
    ...eventWrite,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/{link}/',
    operation: 'unlinkExternalIssue',
    ...eventWrite,
  },
] as const satisfies readonly Route[];
