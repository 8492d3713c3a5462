import type { Member, MemberRole } from '../../domain/directory.ts';
import { verifiedAddresses } from '../../domain/directory.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, TeamId, UserId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { commitWithRetry } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';

export type EnrollMemberDeps = {
  readonly users: Pick<UserStore, 'profile'>;
  readonly memberships: Pick<MembershipStore, 'insertMember'>;
  readonly pendingMembers: Pick<PendingMemberStore, 'byEmails'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
};

/**
 * Makes any user a member of an organization, and of some of its teams, in any role: for an
 * operator: no approval is needed. What was pending for their addresses is over. The caches
 * hear of it from the event.
 *
 * @throws DomainError `resource.not_found` for a user or a team that is not there, `conflict` for
 * somebody who is a member
 */
export async function enrollMember(
  deps: EnrollMemberDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly userId: UserId;
    readonly role: MemberRole;
    readonly teamIds: readonly TeamId[];
  },
): Promise<Member> {
  const { organizationId, userId, role, teamIds } = input;
  const profile = await deps.users.profile(userId);
  if (profile === undefined) {
    throw notFound();
  }
  const pending = await deps.pendingMembers.byEmails(
    organizationId,
    verifiedAddresses(profile.user),
  );
  const member: Member = {
    id: deps.newId(),
    organizationId,
    userId,
    role,
    dateCreated: deps.clock(),
  };
  const event = toOrganizationEventRecord(namesChanged(['memberships'], userId), {
    eventId: deps.newEventId(),
    occurredAt: member.dateCreated,
    requestId: `member-${member.id}`,
    actor: null,
    organizationId,
  });
  const outcome = await commitWithRetry(() =>
    deps.memberships.insertMember(member, { teamIds, pending }, event),
  );
  if (outcome.committed) {
    return member;
  }
  if (outcome.refused.includes('member')) {
    throw conflict(`The user ${profile.user.username} is already a member.`);
  }
  throw outcome.refused.includes('user') || outcome.refused.includes('team')
    ? notFound()
    : conflict('Others are changing this at the same time. Please try again in a second');
}
