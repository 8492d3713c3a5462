import { apiHandler } from '../../shared/http/api.ts';
import { wireGroupUpdate } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Updates and deletes issues, one by one or in bulk. */
export const handler = apiHandler({
  functionName: 'group-update',
  deps: wireGroupUpdate(),
  endpoints,
});
