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
    summary: 'Receive a webhook about an issue of a tracker, signed by the tracker.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/integrations/',
    operation: 'listIntegrations',
    ...orgRead,
    narrowedBy: ['query'],
    summary: 'List the integrations of an organization.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/integrations/',
    operation: 'createIntegration',
    ...orgWrite,
    summary: 'Create an integration with a tracker.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'getIntegration',
    ...orgRead,
    summary: 'Read one integration.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'updateIntegration',
    ...orgWrite,
    summary: 'Change the name, the switches and the policies of an integration.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'configureIntegration',
    ...orgWrite,
    summary: 'Change the switches and the policies of an integration.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/integrations/{integration}/',
    operation: 'deleteIntegration',
    function: 'integrations',
    access: 'token',
    scopes: ['org:admin'],
    claimsKey: true,
    summary: 'Delete an integration and its links.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/',
    operation: 'listExternalIssues',
    function: 'integrations',
    access: 'token',
    scopes: ['event:read'],
    narrowedBy: [],
    summary: 'List the external issues that an issue is linked to, with the state of each link.',
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/',
    operation: 'linkExternalIssue',
    ...eventWrite,
    summary: 'Link an issue to an external issue.',
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/issues/{issue}/external-issues/{link}/',
    operation: 'unlinkExternalIssue',
    ...eventWrite,
    summary: 'Remove the link to an external issue.',
  },
] as const satisfies readonly Route[];
