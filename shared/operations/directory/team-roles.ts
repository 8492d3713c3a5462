import { type DomainError, invalidFields } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type FindTeamDeps, findTeams } from '../lookup/find-team.ts';

/**
 * The ids of the teams that the `teamRoles` of a request name by slug or id, each once. Throws
 * `request.invalid` for a team that is not there.
 */
export async function teamsOfRoles(
  deps: FindTeamDeps,
  organizationId: OrganizationId,
  teams: readonly string[],
): Promise<string[]> {
  const found = await findTeams(deps, organizationId, teams);
  const missing = teams.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    throw unknownTeams(missing);
  }
  return [...new Set(found.flatMap((team) => team?.id ?? []))];
}

/** Teams that `teamRoles` names and that are not there. */
export function unknownTeams(teams: readonly string[]): DomainError {
  return invalidFields({ teamRoles: teams.map((team) => `Team ${team} does not exist.`) });
}
