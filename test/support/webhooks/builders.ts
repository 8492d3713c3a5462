import type { WebhookEndpoint } from '../../../shared/domain/webhooks/endpoint.ts';
import { NOW } from '../builders.ts';

/** An endpoint that hears everything of acme. */
export function webhookEndpoint(fields: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: '701',
    organizationId: '1',
    url: 'https://hooks.acme.example/',
    events: ['*'],
    projects: null,
    description: '',
    batch: false,
    enabled: true,
    origin: 'https://baton.example',
    disabledReason: null,
    dateCreated: NOW,
    version: 1,
    secretId: '1',
    ...fields,
  };
}
