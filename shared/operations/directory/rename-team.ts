import type { Team } from '../../domain/directory.ts';
import { invalidFields } from '../../domain/errors.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type FindTeamDeps, findTeam } from '../lookup/find-team.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';

export type RenameTeamDeps = FindTeamDeps &
  ForgetNamesDeps & {
    readonly memberships: Pick<MembershipStore, 'renameTeam'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  };

export type RenameTeamInput = {
  readonly organizationId: OrganizationId;
  /** By id or slug. */
  readonly team: string;
  /** Null keeps what it has. */
  readonly name: string | null;
  readonly slug: string | null;
  readonly initiator: Initiator;
};

/**
 * Changes the name and the slug of a team. The slug that it had is free, and rules that name it
 * mean nobody. Nothing is written where nothing changes.
 *
 * @throws DomainError `resource.not_found` for a team that is not there, `request.invalid` for a
 * slug that another team has
 */
export async function renameTeam(deps: RenameTeamDeps, input: RenameTeamInput): Promise<Team> {
  const { organizationId } = input;
  // By its id from then on: another attempt may find it under another slug.
  const { id } = await findTeam(deps, organizationId, input.team);
  return redecide(async () => {
    const read = await findTeam(deps, organizationId, id);
    return tryRename(deps, input, read);
  });
}

async function tryRename(
  deps: RenameTeamDeps,
  input: RenameTeamInput,
  read: Team,
): Promise<Team | typeof AGAIN> {
  const { name, slug } = { name: input.name ?? read.name, slug: input.slug ?? read.slug };
  if (name === read.name && slug === read.slug) {
    return read;
  }
  const event = slug === read.slug ? null : slugChanged(deps, input);
  const outcome = await deps.memberships.renameTeam(read, { name, slug }, event);
  if (!outcome.committed) {
    if (outcome.refused.includes('slug') && !outcome.refused.includes('team')) {
      throw invalidFields({ slug: [`The slug "${slug}" is already in use.`] });
    }
    return AGAIN;
  }
  if (event !== null) {
    await forgetNames(deps, input.organizationId);
  }
  return { ...read, name, slug };
}

function slugChanged(deps: RenameTeamDeps, { organizationId, initiator }: RenameTeamInput) {
  return toOrganizationEventRecord(namesChanged(['teams']), {
    ...eventContext(deps, initiator, deps.clock()),
    organizationId,
  });
}
