import type { ActorInput } from '../domain/actor.ts';
import type { Member, MemberRole, Team, UserProfile } from '../domain/directory.ts';
import { conflict, invalidFields, notFound } from '../domain/errors.ts';
import type { MembershipStore } from '../stores/memberships.ts';
import type { OrganizationStore } from '../stores/organizations.ts';
import type { UserStore } from '../stores/users.ts';
import { commitUntilSettled } from './commit-until-settled.ts';
import type { Clock } from './deps.ts';

export type SaveMemberDeps = {
  readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'>;
  readonly memberships: Pick<MembershipStore, 'insertMember'>;
  readonly clock: Clock;
};

/**
 * Makes a user a member of an organization. The user is named as an assignee is: by id, user name or e-mail address.
 *
 * @throws DomainError `request.invalid` for a user that is not there, `conflict` for one who is a member already
 */
export async function saveMember(
  deps: SaveMemberDeps,
  input: {
    readonly organizationId: string;
    readonly user: ActorInput;
    readonly role: MemberRole;
  },
): Promise<{ readonly member: Member; readonly profile: UserProfile }> {
  const profile = await findUser(deps, input.user);
  if (profile === undefined) throw invalidFields({ user: ['This user does not exist.'] });
  const { username, id: userId } = profile.user;
  const member: Member = {
    organizationId: input.organizationId,
    userId,
    role: input.role,
    dateCreated: deps.clock(),
  };
  const outcome = await commitUntilSettled(() => deps.memberships.insertMember(member));
  if (!outcome.committed) throw conflict(`The user ${username} is already a member.`);
  return { member, profile };
}

async function findUser(
  { users }: SaveMemberDeps,
  input: ActorInput,
): Promise<UserProfile | undefined> {
  if (input.kind === 'nobody' || (input.kind === 'actor' && input.actor.type === 'team'))
    return undefined;
  const [id] = input.kind === 'actor' ? [input.actor.id] : await users.idsOfLogin(input.login);
  return id === undefined ? undefined : users.profile(id);
}

export type TeamMembershipDeps = {
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly memberships: Pick<MembershipStore, 'join' | 'leave'>;
};

type TeamPlace = { readonly team: Team; readonly userId: string };

/**
 * Makes a member of the organization a member of one of its teams; false where they were one. Throws
 * `resource.not_found` for who is no member of the organization, and for a team that is gone.
 */
export async function joinTeam(
  deps: TeamMembershipDeps,
  { team, userId }: TeamPlace,
): Promise<boolean> {
  await requireMember(deps, team.organizationId, userId);
  const { id: teamId, organizationId } = team;
  const outcome = await commitUntilSettled(() =>
    deps.memberships.join({ organizationId, teamId, userId, isActive: true }),
  );
  if (outcome.committed) return true;
  if (outcome.refused.includes('team') || outcome.refused.includes('member')) throw notFound();
  return false;
}

/** Ends a membership in a team. Throws `resource.not_found` for who is not in it. */
export async function leaveTeam(
  deps: TeamMembershipDeps,
  { team, userId }: TeamPlace,
): Promise<void> {
  const { id: teamId, organizationId } = team;
  const outcome = await commitUntilSettled(() =>
    deps.memberships.leave({ organizationId, teamId, userId, isActive: true }),
  );
  if (!outcome.committed) throw notFound();
}

async function requireMember(
  { organizations }: TeamMembershipDeps,
  organizationId: string,
  userId: string,
): Promise<void> {
  const members = await organizations.membersAmong(organizationId, [userId]);
  if (!members.has(userId)) throw notFound();
}
