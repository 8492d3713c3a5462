import type { Route } from './route.ts';

/** Trackers, who is who in them, what is linked to them, and what they tell. */
export const INTEGRATION_ROUTES = [
  {
    method: 'POST',
    path: '/0/extensions/{provider}/webhook/{integrationId}/',
    operation: 'receiveWebhook',
    function: 'webhook',
    access: 'signature',
    summary: 'Receive what a tracker tells of its issues; signed by the tracker.',
  },
] as const satisfies readonly Route[];
