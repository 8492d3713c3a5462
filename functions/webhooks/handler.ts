import { apiHandler } from '../../shared/http/api.ts';
import { wireWebhooksApi } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Shows and changes where an organization's webhooks go, and what was sent there. */
export const handler = apiHandler({
  functionName: 'webhooks',
  deps: wireWebhooksApi(),
  endpoints,
});
