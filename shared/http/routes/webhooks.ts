import type { Route } from './route.ts';

/** Webhooks tell of issues, so whoever sets them up has to be allowed to read those. */
const webhooks = { function: 'webhooks', access: 'token', alsoScope: 'event:read' } as const;
const read = { ...webhooks, scopes: ['org:read'] } as const;
const write = { ...webhooks, scopes: ['org:write'] } as const;

/** The endpoints that an organization's webhooks go to, and what was sent to them. */
export const WEBHOOK_ROUTES = [
  {
    method: 'GET',
    path: '/0/organizations/{org}/webhooks/',
    operation: 'listWebhooks',
    ...read,
    narrowedBy: [],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/webhooks/',
    operation: 'createWebhook',
    ...write,
    claimsKey: true,
    showsSecret: true,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/webhooks/{webhook}/',
    operation: 'getWebhook',
    ...read,
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/webhooks/{webhook}/',
    operation: 'updateWebhook',
    ...write,
  },
  {
    method: 'DELETE',
    path: '/0/organizations/{org}/webhooks/{webhook}/',
    operation: 'deleteWebhook',
    ...write,
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/webhooks/{webhook}/rotate-secret/',
    operation: 'rotateWebhookSecret',
    ...write,
    claimsKey: true,
    showsSecret: true,
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/webhooks/{webhook}/ping/',
    operation: 'pingWebhook',
    ...write,
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/webhooks/{webhook}/redeliver/',
    operation: 'redeliverWebhooks',
    ...write,
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/webhooks/{webhook}/deliveries/',
    operation: 'listWebhookDeliveries',
    ...read,
    narrowedBy: [],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/webhooks/{webhook}/deliveries/{delivery}/redeliver/',
    operation: 'redeliverWebhook',
    ...write,
  },
] as const satisfies readonly Route[];
