import { apiHandler } from '../../shared/http/api.ts';
import { wireDirectoryRead } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Shows the caller, and the organizations, projects, teams and members that the token reaches. */
export const handler = apiHandler({
  functionName: 'directory-read',
  deps: wireDirectoryRead(),
  endpoints,
});
