import { HIGHEST_ROLE, type Member, type TeamMembership } from '../../domain/directory.ts';
import { forbidden, notFound } from '../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { AGAIN, commitWithRetry, redecide } from '../../retry.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';
import { endedMembership } from './ended-membership.ts';
import { findStayingOwner, type StayingOwnerDeps } from './staying-owner.ts';

export type DeleteMemberDeps = ForgetNamesDeps &
  StayingOwnerDeps & {
    readonly users: Pick<UserStore, 'profile'>;
    readonly pendingMembers: Pick<PendingMemberStore, 'byId' | 'remove'>;
    readonly directoryRemoval: Pick<DirectoryRemovalStore, 'leaveTeams' | 'removeMember'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  };

type DeleteMemberInput = {
  readonly organizationId: OrganizationId;
  /** The user's id, or that of somebody who is pending. */
  readonly memberId: string;
  readonly initiator: Initiator;
};

/** So many memberships end in one transaction. */
const PAGE_SIZE = 30;

/**
 * Ends a membership in an organization and in all of its teams. What is assigned to the user stays
 * assigned until the event has it reviewed; that they no longer follow their teams' issues comes
 * after the events as well. A pending
 * membership is removed.
 *
 * @throws DomainError `resource.not_found` for somebody who is neither, `access.forbidden` for the
 * only owner
 */
export async function deleteMember(
  deps: DeleteMemberDeps,
  input: DeleteMemberInput,
): Promise<void> {
  const isRemoved = await redecide(() => removeCurrent(deps, input));
  if (!isRemoved) {
    await removePending(deps, input);
    return;
  }
  const joined = await membershipsOf(deps, input);
  for (const page of pagesOf(joined?.teams ?? [])) {
    await leave(deps, page, input);
  }
  await forgetNames(deps, input.organizationId);
}

/** Whether there was a membership to end, as far as it is still the one that was read. */
async function removeCurrent(
  deps: DeleteMemberDeps,
  input: DeleteMemberInput,
): Promise<boolean | typeof AGAIN> {
  const found = await membershipsOf(deps, input);
  if (found?.member === undefined) {
    return false;
  }
  const stayingOwner = await requireOwnerStays(deps, found.member);
  const [last = [], ...others] = pagesOf(found.teams).reverse();
  // The membership in the organization goes last: until then the request can be repeated.
  for (const page of others) {
    await leave(deps, page, input);
  }
  const outcome = await deps.directoryRemoval.removeMember(found.member, {
    dateLeft: deps.clock(),
    stayingOwner,
    event: memberLeft(deps, found.member, input.initiator),
    ended: last.map((membership) => endedMembership(deps, membership, input.initiator)),
  });
  return outcome.committed ? true : AGAIN;
}

function memberLeft(
  deps: Pick<DeleteMemberDeps, 'clock' | 'newEventId'>,
  { organizationId, userId }: Member,
  initiator: Initiator,
): EventRecord {
  return toOrganizationEventRecord(
    { type: 'member.left', version: 1, data: { userId } },
    { ...eventContext(deps, initiator, deps.clock()), organizationId },
  );
}

/** Answers the owner who stays where an owner leaves; null for everybody else. */
async function requireOwnerStays(
  deps: StayingOwnerDeps,
  { organizationId, userId, role }: Member,
): Promise<UserId | null> {
  if (role !== HIGHEST_ROLE) {
    return null;
  }
  const staying = await findStayingOwner(deps, organizationId, userId);
  if (staying === undefined) {
    throw forbidden('You cannot remove the only remaining owner of the organization.');
  }
  return staying;
}

async function membershipsOf(
  { users }: Pick<DeleteMemberDeps, 'users'>,
  { organizationId, memberId }: DeleteMemberInput,
) {
  const profile = await users.profile(memberId);
  const isHere = (one: { readonly organizationId: OrganizationId }) =>
    one.organizationId === organizationId;
  return profile && { member: profile.members.find(isHere), teams: profile.teams.filter(isHere) };
}

async function removePending(
  { pendingMembers }: DeleteMemberDeps,
  { organizationId, memberId }: DeleteMemberInput,
): Promise<void> {
  const pending = await pendingMembers.byId(organizationId, memberId);
  if (pending === undefined) {
    throw notFound();
  }
  const outcome = await commitWithRetry(() => pendingMembers.remove(pending));
  if (!outcome.committed) {
    throw notFound();
  }
}

async function leave(
  deps: DeleteMemberDeps,
  page: readonly TeamMembership[],
  input: DeleteMemberInput,
): Promise<void> {
  await commitWithRetry(() =>
    deps.directoryRemoval.leaveTeams(
      page.map((membership) => endedMembership(deps, membership, input.initiator)),
    ),
  );
}

function pagesOf(memberships: readonly TeamMembership[]): TeamMembership[][] {
  const pages: TeamMembership[][] = [];
  for (let start = 0; start < memberships.length; start += PAGE_SIZE) {
    pages.push(memberships.slice(start, start + PAGE_SIZE));
  }
  return pages;
}
