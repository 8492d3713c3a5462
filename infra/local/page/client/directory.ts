import { type Connection, call } from './api.ts';
import type { Member, Organization, Project, ProjectKey, Team } from './types.ts';

/** Everybody who can own an issue of an organization. */
export type Owners = { readonly teams: readonly Team[]; readonly members: readonly Member[] };

const get = async <T>(token: string, path: string, signal: AbortSignal) =>
  (await call<T>(token, path, { signal })).body;

export function listOrganizations(token: string, signal: AbortSignal) {
  return get<readonly Organization[]>(token, '/organizations/', signal);
}

export async function listOwners(
  { token, organization }: Connection,
  signal: AbortSignal,
): Promise<Owners> {
  const path = `/organizations/${organization}`;
  const [teams, members] = await Promise.all([
    get<readonly Team[]>(token, `${path}/teams/`, signal),
    // Whoever may not read who the members are can give issues to teams.
    get<readonly Member[]>(token, `${path}/members/`, signal).catch(() => []),
  ]);
  return { teams, members };
}

export function listProjects({ token, organization }: Connection, signal: AbortSignal) {
  return get<readonly Project[]>(token, `/organizations/${organization}/projects/`, signal);
}

export function listKeys(
  { token, organization }: Connection,
  project: string,
  signal: AbortSignal,
): Promise<readonly ProjectKey[]> {
  return get(token, `/projects/${organization}/${project}/keys/`, signal);
}
