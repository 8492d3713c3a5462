import {
  newWebhook,
  nothing,
  redelivery,
  webhookUpdate,
} from '../../../shared/http/schemas/webhooks/webhook.ts';
import { type Documentation, made } from '../row.ts';

const ofWebhook = { path: { webhook: made('createWebhook') } };
const TAG = 'Webhooks';

/** What the API document says of webhooks. */
export const WEBHOOK_OPERATIONS = {
  listWebhooks: {
    tag: TAG,
    summary: 'List the endpoints of an organization’s webhooks.',
    description: 'All of them, the oldest first. At most 20.',
    example: { after: ['createWebhook'] },
  },
  createWebhook: {
    tag: TAG,
    summary: 'Add an endpoint that webhooks are sent to.',
    body: newWebhook,
    description:
      '`events` names what it hears of, or `*`; `projects` by id or slug, null for all of them. With `batch` the changes of one operation come together. `secret` is shown in this answer only.',
    example: {
      body: {
        url: 'https://hooks.acme.example/baton',
        events: ['issue.assigned', 'issue.reassigned'],
        projects: ['shop'],
        description: 'Who works on what',
      },
    },
  },
  getWebhook: {
    tag: TAG,
    summary: 'Read one endpoint.',
    description: '`lastSuccessAt` says when something was last taken there.',
    example: ofWebhook,
  },
  updateWebhook: {
    tag: TAG,
    summary: 'Change an endpoint.',
    body: webhookUpdate,
    description:
      'What is absent stays as it is. `enabled` takes an endpoint up again that was disabled; what came meanwhile can be sent again.',
    example: { ...ofWebhook, body: { events: ['*'] } },
  },
  deleteWebhook: {
    tag: TAG,
    summary: 'Delete an endpoint.',
    description: 'What waits for it is dropped.',
    example: { ...ofWebhook, after: ['redeliverWebhook', 'redeliverWebhooks'] },
  },
  rotateWebhookSecret: {
    tag: TAG,
    summary: 'Give an endpoint a new secret.',
    body: nothing,
    description:
      'It is shown in this answer only. The one before signs for 24 hours more; a second rotation within them drops the oldest.',
    refusals: ['conflict'],
    example: ofWebhook,
  },
  pingWebhook: {
    tag: TAG,
    summary: 'Send something that only shows that an endpoint can be reached.',
    body: nothing,
    description: 'A delivery of the type `webhook.ping`, whatever the endpoint hears of.',
    refusals: ['conflict'],
    example: ofWebhook,
  },
  redeliverWebhooks: {
    tag: TAG,
    summary: 'Send again what failed or was dropped since a time.',
    body: redelivery,
    description: 'Within the seven days for which deliveries are kept.',
    refusals: ['conflict'],
    example: { ...ofWebhook, body: { since: '2026-12-01T00:00:00Z' } },
  },
  listWebhookDeliveries: {
    tag: TAG,
    summary: 'List what was sent to an endpoint in the last seven days.',
    description: 'Newest first, with every attempt and the beginning of its answer.',
    query: ['per_page', 'cursor'],
    headers: ['Link'],
    example: { ...ofWebhook, after: ['pingWebhook'] },
  },
  redeliverWebhook: {
    tag: TAG,
    summary: 'Send one delivery again.',
    body: nothing,
    description: 'The same id and the same body, with a new time and signature.',
    refusals: ['conflict'],
    example: {
      path: { webhook: made('createWebhook'), delivery: made('pingWebhook') },
    },
  },
} as const satisfies Documentation;
