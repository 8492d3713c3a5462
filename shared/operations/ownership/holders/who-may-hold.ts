import { type Actor, formatActor } from '../../../domain/actor.ts';
import type { Organization } from '../../../domain/directory.ts';
import { type Candidate, decideAssignable } from '../../../domain/issues/assignable.ts';
import type { GroupOwner } from '../../../domain/ownership/auto-assignment.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import { activeAccountsOf } from '../../directory/team-people.ts';
import type { FindAutoAssigneeDeps } from '../auto-assign.ts';

/** People and teams that are looked at at the same time. */
const WIDTH = 8;

/**
 * Those of an issue's owners who may hold it today: what was suggested when an event came may be
 * older than somebody's leaving. One round trip for people, two for teams.
 */
export async function whoMayHold(
  deps: FindAutoAssigneeDeps,
  target: { readonly organization: Organization; readonly project: ProjectWithTeams },
  owners: readonly GroupOwner[],
): Promise<Set<GroupOwner>> {
  const actors = new Map(
    owners.flatMap(({ actor }) => (actor === null ? [] : [[formatActor(actor), actor] as const])),
  );
  const asked = await mapConcurrently(WIDTH, [...actors], async ([text, actor]) => {
    const candidate = await candidateOf(deps, actor);
    const { ok } = decideAssignable(candidate, target.organization, [target.project]);
    return ok ? [text] : [];
  });
  const may = new Set(asked.flat());
  return new Set(owners.filter(({ actor }) => actor !== null && may.has(formatActor(actor))));
}

async function candidateOf(deps: FindAutoAssigneeDeps, { type, id }: Actor): Promise<Candidate> {
  if (type === 'user') {
    return { type, profile: await deps.users.profile(id) };
  }
  const roster = await deps.teams.roster(id);
  return { type, roster, activeAccounts: await activeAccountsOf(deps, roster) };
}
