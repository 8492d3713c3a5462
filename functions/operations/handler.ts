import { apiHandler } from '../../shared/http/api.ts';
import { wireOperations } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Accepts operations over many issues, shows how far they are, and ends them early. */
export const handler = apiHandler({
  functionName: 'operations',
  deps: wireOperations(),
  endpoints,
});
