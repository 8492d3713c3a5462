import type { Actor } from '../../domain/actor.ts';
import { isId } from '../../domain/digits.ts';
import type { UserProfile } from '../../domain/directory.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { everBelongedTo, isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import { type FindPeopleDeps, profilesOfLogin } from './find-people.ts';

export type FindActorsDeps = FindPeopleDeps & {
  readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'>;
  readonly teams: Pick<TeamStore, 'idOfSlug' | 'byIds'>;
  readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
};

/**
 * Asked about where there is nobody to ask about, so that a stranger's name takes the time of
 * nobody's.
 */
const nobody: Actor = { type: 'user', id: '0' };

/**
 * Those that a user name, an e-mail address or a user's id means in an organization: an active
 * member, else one who is deactivated or has left. Null for nobody, and for people of other
 * organizations alike. Two round trips for people of the organization, three for anybody else.
 */
export async function actorsCalled(
  deps: FindActorsDeps,
  organizationId: OrganizationId,
  login: string,
): Promise<Actor[] | null> {
  const [named, byId] = await Promise.all([
    profilesOfLogin(deps, login.toLowerCase()),
    isId(login) ? deps.users.profile(login) : undefined,
  ]);
  const profiles = byId === undefined ? named : [...named, byId];
  const found =
    profiles.find((one) => isOrganizationMember(one, organizationId)) ??
    profiles.find((one) => everBelongedTo(one, organizationId));
  if (found !== undefined) {
    return [actorOf(found)];
  }
  return holdersAmong(deps, organizationId, profiles.map(actorOf));
}

/**
 * An actor by id; null where an organization does not know them and never did. One round trip, or
 * two.
 */
export async function actorOfId(
  deps: FindActorsDeps,
  organizationId: OrganizationId,
  actor: Actor,
): Promise<Actor[] | null> {
  if (!isId(actor.id)) {
    return null;
  }
  const isKnown =
    actor.type === 'user'
      ? everBelongedTo(await deps.users.profile(actor.id), organizationId)
      : (await deps.teams.byIds([actor.id])).get(actor.id)?.organizationId === organizationId;
  return isKnown ? [actor] : holdersAmong(deps, organizationId, [actor]);
}

/** The teams of an organization that a user is an active member of. One round trip. */
export async function teamsOfUser(
  deps: Pick<FindActorsDeps, 'users'>,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<Actor[]> {
  const profile = await deps.users.profile(userId);
  return (profile?.teams ?? [])
    .filter((membership) => membership.isActive && membership.organizationId === organizationId)
    .map(({ teamId }) => ({ type: 'team', id: teamId }));
}

/**
 * Those who hold an issue of an organization, null for none of them: who left before that was
 * noted, and a team that was deleted, are known for as long as they do.
 */
async function holdersAmong(
  deps: FindActorsDeps,
  organizationId: OrganizationId,
  actors: readonly Actor[],
): Promise<Actor[] | null> {
  const asked = actors.length === 0 ? [nobody] : actors;
  const held = await Promise.all(
    asked.map((actor) => deps.assignments.groupsAssignedTo({ organizationId, actor, limit: 1 })),
  );
  const holders = asked.filter((_, index) => (held[index]?.groupIds.length ?? 0) > 0);
  return holders.length === 0 ? null : holders;
}

function actorOf({ user }: UserProfile): Actor {
  return { type: 'user', id: user.id };
}
