import { apiHandler } from '../../shared/http/api.ts';
import { wireOwnership } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Shows, saves and explains ownership rules, and which tracker account is which user or team. */
export const handler = apiHandler({
  functionName: 'ownership',
  deps: wireOwnership(),
  endpoints,
});
