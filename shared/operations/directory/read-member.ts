import {
  HIGHEST_ROLE,
  type Member,
  type PendingMember,
  type Team,
  type User,
} from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { findStayingOwner, type StayingOwnerDeps } from './staying-owner.ts';

export type ReadMemberDeps = {
  readonly users: Pick<UserStore, 'profile' | 'activeAmong'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly pendingMembers: Pick<PendingMemberStore, 'byId'>;
};

/** A member, or somebody who is pending, with the teams that they are or will be in, by slug. */
export type MemberInTeams = { readonly teams: readonly Team[] } & (
  | {
      readonly kind: 'member';
      readonly member: Member;
      readonly user: User;
      readonly isOnlyOwner: boolean;
    }
  | { readonly kind: 'pending'; readonly pending: PendingMember }
);

/**
 * One member by the id of their user, or somebody who is pending by their own. Two round trips, for
 * an owner four. Throws `resource.not_found` for who is neither.
 */
export async function readMember(
  deps: ReadMemberDeps,
  organizationId: OrganizationId,
  memberId: string,
): Promise<MemberInTeams> {
  const profile = await deps.users.profile(memberId);
  const member = profile?.members.find((one) => one.organizationId === organizationId);
  if (profile === undefined || member === undefined) {
    const pending = await deps.pendingMembers.byId(organizationId, memberId);
    if (pending === undefined) {
      throw notFound();
    }
    return { kind: 'pending', pending, teams: await teamsBySlug(deps, pending.teamIds) };
  }
  const [teams, isOnlyOwner] = await Promise.all([
    teamsBySlug(
      deps,
      profile.teams
        .filter((team) => team.organizationId === organizationId && team.isActive)
        .map(({ teamId }) => teamId),
    ),
    isOnlyOwnerOf(deps, member),
  ]);
  return { kind: 'member', member, user: profile.user, teams, isOnlyOwner };
}

async function teamsBySlug(
  { teams }: Pick<ReadMemberDeps, 'teams'>,
  ids: readonly string[],
): Promise<Team[]> {
  return [...(await teams.byIds(ids)).values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

async function isOnlyOwnerOf(
  deps: StayingOwnerDeps,
  { organizationId, userId, role }: Member,
): Promise<boolean> {
  if (role !== HIGHEST_ROLE) {
    return false;
  }
  return (await findStayingOwner(deps, organizationId, userId)) === undefined;
}
