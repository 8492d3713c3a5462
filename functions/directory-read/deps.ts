import { wireApi, wireTable } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that read organizations, projects, teams and members. */
export function wireDirectoryRead() {
  return { ...wireTable(), ...wireApi() };
}

export type DirectoryReadDeps = ReturnType<typeof wireDirectoryRead>;
