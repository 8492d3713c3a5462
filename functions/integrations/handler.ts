import { apiHandler } from '../../shared/http/api.ts';
import { wireIntegrations } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Shows and changes the integrations of organizations, and the links of issues to trackers. */
export const handler = apiHandler({
  functionName: 'integrations',
  deps: wireIntegrations(),
  endpoints,
});
