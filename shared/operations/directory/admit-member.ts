import { type Member, type UserProfile, verifiedAddresses } from '../../domain/directory.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { AGAIN, commitWithRetry, redecide } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';

export type AdmitMemberDeps = {
  readonly organizations: Pick<OrganizationStore, 'member'>;
  readonly users: Pick<UserStore, 'profile'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
  readonly memberships: Pick<MembershipStore, 'insertMember'>;
  readonly pendingMembers: Pick<PendingMemberStore, 'byEmails' | 'remove'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
};

/**
 * The membership of a user in an organization, where they have one. Who was added under one of
 * their verified addresses and is pending becomes a member now, with the role and the teams that
 * were said then. Undefined for everybody else. Whoever makes a token of the organization for a
 * user calls this first.
 */
export async function admitMember(
  deps: AdmitMemberDeps,
  { organizationId, userId }: { readonly organizationId: OrganizationId; readonly userId: UserId },
): Promise<Member | undefined> {
  return redecide(async () => {
    const profile = await deps.users.profile(userId);
    return profile && admit(deps, organizationId, profile);
  });
}

async function admit(
  deps: AdmitMemberDeps,
  organizationId: OrganizationId,
  { user, members }: UserProfile,
): Promise<Member | undefined | typeof AGAIN> {
  const pending = await deps.pendingMembers.byEmails(organizationId, verifiedAddresses(user));
  const existing = members.find((one) => one.organizationId === organizationId);
  if (existing !== undefined) {
    for (const one of pending) {
      await commitWithRetry(() => deps.pendingMembers.remove(one));
    }
    return existing;
  }
  const [first] = pending;
  // Nobody pending may mean that somebody else has just admitted them.
  if (first === undefined) {
    return deps.organizations.member(organizationId, user.id);
  }
  const teams = await deps.teams.byIds(first.teamIds);
  const member: Member = {
    id: deps.newId(),
    organizationId,
    userId: user.id,
    role: first.role,
    dateCreated: deps.clock(),
  };
  const event = toOrganizationEventRecord(namesChanged(['memberships'], user.id), {
    ...eventContext(deps, systemInitiator(`member-${member.id}`), member.dateCreated),
    organizationId,
  });
  const outcome = await commitWithRetry(() =>
    deps.memberships.insertMember(member, { teamIds: [...teams.keys()], pending }, event),
  );
  return outcome.committed ? member : AGAIN;
}
