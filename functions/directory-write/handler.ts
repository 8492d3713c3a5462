import { apiHandler } from '../../shared/http/api.ts';
import { wireDirectoryWrite } from './deps.ts';
import { endpoints } from './endpoints.ts';

/** Writes the teams and members of organizations, and which teams a project has. */
export const handler = apiHandler({
  functionName: 'directory-write',
  deps: wireDirectoryWrite(),
  endpoints,
});
