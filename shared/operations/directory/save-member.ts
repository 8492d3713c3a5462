import type { ActorInput } from '../../domain/actor.ts';
import type { Member, MemberRole, User } from '../../domain/directory.ts';
import { conflict, invalidFields } from '../../domain/errors.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { commitUntilSettled } from '../commit-until-settled.ts';
import type { Clock } from '../deps.ts';

export type SaveMemberDeps = {
  readonly users: Pick<UserStore, 'byIds' | 'idsOfLogin'>;
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
): Promise<{ readonly member: Member; readonly user: User }> {
  const user = await findUser(deps, input.user);
  if (user === undefined) throw invalidFields({ user: ['This user does not exist.'] });
  const member: Member = {
    organizationId: input.organizationId,
    userId: user.id,
    role: input.role,
    dateCreated: deps.clock(),
  };
  const outcome = await commitUntilSettled(() => deps.memberships.insertMember(member));
  if (!outcome.committed) throw conflict(`The user ${user.username} is already a member.`);
  return { member, user };
}

async function findUser({ users }: SaveMemberDeps, input: ActorInput): Promise<User | undefined> {
  if (input.kind === 'nobody' || (input.kind === 'actor' && input.actor.type === 'team'))
    return undefined;
  const [id] = input.kind === 'actor' ? [input.actor.id] : await users.idsOfLogin(input.login);
  return id === undefined ? undefined : (await users.byIds([id])).get(id);
}
