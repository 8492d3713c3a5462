import { isDigits } from '../../domain/digits.ts';
import type { Team } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';

export type FindTeamDeps = { readonly teams: Pick<TeamStore, 'byIds' | 'idOfSlug'> };

/**
 * The team that an id or a slug names within an organization. Throws `resource.not_found` for a
 * team of another one as for none. Two round trips for a slug, one for an id.
 */
export async function findTeam(
  deps: FindTeamDeps,
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<Team> {
  const team = await lookUp(deps, organizationId, idOrSlug);
  if (team === undefined) {
    throw notFound();
  }
  return team;
}

/** The same for several; undefined for each team that is not there. */
export function findTeams(
  deps: FindTeamDeps,
  organizationId: OrganizationId,
  idsOrSlugs: readonly string[],
): Promise<(Team | undefined)[]> {
  return Promise.all(idsOrSlugs.map((idOrSlug) => lookUp(deps, organizationId, idOrSlug)));
}

async function lookUp(
  { teams }: FindTeamDeps,
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<Team | undefined> {
  const id = isDigits(idOrSlug) ? idOrSlug : await teams.idOfSlug(organizationId, idOrSlug);
  if (id === undefined) {
    return undefined;
  }
  const team = (await teams.byIds([id])).get(id);
  return team?.organizationId === organizationId ? team : undefined;
}
