import { apiHandler } from '../../shared/http/api.ts';
import { wireGroupRead } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Shows issues, one by one and in lists. */
export const handler = apiHandler({
  functionName: 'group-read',
  deps: wireGroupRead(),
  endpoints,
});
