import type { TeamMembership } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import type { Initiator } from '../event-context.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';
import { endedMembership } from './ended-membership.ts';

export type DeleteMemberDeps = ForgetNamesDeps & {
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
 * assigned; that they no longer follow their teams' issues comes after the events. A pending
 * membership is removed. Throws `resource.not_found` for somebody who is neither.
 */
export async function deleteMember(
  deps: DeleteMemberDeps,
  input: DeleteMemberInput,
): Promise<void> {
  const { organizationId, memberId: userId } = input;
  const profile = await deps.users.profile(userId);
  if (!profile?.members.some((member) => member.organizationId === organizationId)) {
    await removePending(deps, input);
    return;
  }
  const teams = profile.teams.filter((team) => team.organizationId === organizationId);
  const [last = [], ...others] = pagesOf(teams).reverse();
  // The membership in the organization goes last: until then the request can be repeated.
  for (const page of others) {
    await leave(deps, page, input);
  }
  const outcome = await commitWithRetry(() =>
    deps.directoryRemoval.removeMember(
      { organizationId, userId, dateLeft: deps.clock() },
      last.map((membership) => endedMembership(deps, membership, input.initiator)),
    ),
  );
  if (!outcome.committed) {
    throw notFound();
  }
  const after = await deps.users.profile(userId);
  const joined = after?.teams.filter((team) => team.organizationId === organizationId) ?? [];
  for (const page of pagesOf(joined)) {
    await leave(deps, page, input);
  }
  await forgetNames(deps, organizationId);
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
