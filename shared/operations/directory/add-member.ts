import type { ActorInput } from '../../domain/actor.ts';
import {
  type Member,
  type MemberRole,
  type PendingMember,
  type UserProfile,
  verifiedAddresses,
} from '../../domain/directory.ts';
import { conflict, type DomainError, forbidden, invalidFields } from '../../domain/errors.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { mayGiveRole } from '../../domain/membership.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { commitWithRetry } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { Clock } from '../deps.ts';
import { eventContext } from '../event-context.ts';
import { type FindPeopleDeps, profilesOfLogin } from '../lookup/find-people.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';
import { teamsOfRoles, unknownTeams } from './team-roles.ts';

export type AddMemberDeps = FindPeopleDeps &
  ForgetNamesDeps & {
    readonly organizations: Pick<OrganizationStore, 'member' | 'membersAmong'>;
    readonly teams: Pick<TeamStore, 'byIds' | 'idOfSlug'>;
    readonly memberships: Pick<MembershipStore, 'insertMember'>;
    readonly pendingMembers: Pick<PendingMemberStore, 'byEmails' | 'insert'>;
    readonly clock: Clock;
    readonly newId: () => string;
    readonly newEventId: () => string;
  };

/**
 * Who adds somebody: the token's user, null without one; what else the token reaches, and whether
 * it has `org:admin`.
 */
type AddedBy = {
  readonly userId: UserId | null;
  readonly organizationIds: readonly OrganizationId[];
  readonly isOrganizationAdmin: boolean;
  readonly requestId: string;
};

type NewMember = {
  readonly organizationId: OrganizationId;
  readonly role: MemberRole;
  /** Slugs or ids of the teams that they are to be in. */
  readonly teams: readonly string[];
  readonly addedBy: AddedBy;
};

/** An id that no user has. */
const NOBODYS_ID = '0';

/**
 * Adds whoever has an e-mail address, without saying whether somebody has: they are pending until a
 * token of the organization is made for them. Three round trips in either case, so that the time
 * does not tell either.
 *
 * @throws DomainError `access.forbidden` for a role above that of who adds them, `request.invalid`
 * for a team that is not there, `conflict` for an address that a member has, or that is pending
 * already
 */
export async function inviteMember(
  deps: AddMemberDeps,
  input: NewMember & { readonly email: string },
): Promise<PendingMember> {
  const { organizationId, email, role } = input;
  const [teamIds, ids] = await Promise.all([
    teamsOfRoles(deps, organizationId, input.teams),
    deps.users.idsOfLogin(email.toLowerCase()),
    requireMayGive(deps, input),
  ]);
  const known = await deps.organizations.membersAmong(
    organizationId,
    ids.length === 0 ? [NOBODYS_ID] : ids,
  );
  if (known.size > 0) {
    throw alreadyThere(email);
  }
  const pending: PendingMember = {
    id: deps.newId(),
    organizationId,
    email,
    role,
    teamIds,
    dateCreated: deps.clock(),
  };
  const outcome = await commitWithRetry(() => deps.pendingMembers.insert(pending));
  if (!outcome.committed) {
    throw alreadyThere(email);
  }
  return pending;
}

/**
 * Makes a person of an organization that the token reaches a member of this one as well. They are
 * named as an assignee is: by id, user name or e-mail address; anybody else is answered as nobody.
 *
 * @throws DomainError as `inviteMember`, and `request.invalid` for somebody who is not there
 */
export async function addMember(
  deps: AddMemberDeps,
  input: NewMember & { readonly user: ActorInput },
): Promise<{ readonly member: Member; readonly profile: UserProfile }> {
  const { organizationId, role } = input;
  const [teamIds, profile] = await Promise.all([
    teamsOfRoles(deps, organizationId, input.teams),
    findUser(deps, input),
    requireMayGive(deps, input),
  ]);
  if (profile === undefined) {
    throw invalidFields({ user: ['This user does not exist.'] });
  }
  const { user } = profile;
  const member: Member = {
    id: deps.newId(),
    organizationId,
    userId: user.id,
    role,
    dateCreated: deps.clock(),
  };
  const pending = await deps.pendingMembers.byEmails(organizationId, verifiedAddresses(user));
  const initiator = { actingUserId: input.addedBy.userId, requestId: input.addedBy.requestId };
  const event = toOrganizationEventRecord(namesChanged(['memberships'], user.id), {
    ...eventContext(deps, initiator, member.dateCreated),
    organizationId,
  });
  const outcome = await commitWithRetry(() =>
    deps.memberships.insertMember(member, { teamIds, pending }, event),
  );
  if (outcome.committed) {
    await forgetNames(deps, organizationId);
    return { member, profile };
  }
  if (outcome.refused.includes('team')) {
    throw unknownTeams(input.teams);
  }
  throw alreadyThere(user.username);
}

/** Throws before anybody is looked up: what a caller may give does not depend on who gets it. */
async function requireMayGive(
  { organizations }: AddMemberDeps,
  { organizationId, role, addedBy }: NewMember,
): Promise<void> {
  const { userId, isOrganizationAdmin } = addedBy;
  const adder =
    userId === null
      ? ({ kind: 'token', isOrganizationAdmin } as const)
      : ({
          kind: 'user',
          role: (await organizations.member(organizationId, userId))?.role ?? null,
        } as const);
  if (!mayGiveRole(adder, role)) {
    throw forbidden();
  }
}

async function findUser(
  deps: AddMemberDeps,
  { user: input, addedBy }: NewMember & { readonly user: ActorInput },
): Promise<UserProfile | undefined> {
  const isTeam = input.kind === 'team' || (input.kind === 'actor' && input.actor.type === 'team');
  if (input.kind === 'nobody' || isTeam) {
    return undefined;
  }
  const profiles =
    input.kind === 'actor'
      ? [await deps.users.profile(input.actor.id)]
      : await profilesOfLogin(deps, input.login);
  return profiles.find(
    (profile) =>
      profile?.user.isActive &&
      profile.members.some(({ organizationId }) =>
        addedBy.organizationIds.includes(organizationId),
      ),
  );
}

function alreadyThere(name: string): DomainError {
  return conflict(`The user ${name} is already a member.`);
}
