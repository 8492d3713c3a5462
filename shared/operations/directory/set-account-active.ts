import { HIGHEST_ROLE, type UserProfile } from '../../domain/directory.ts';
import { conflict, invalidRequest, notFound } from '../../domain/errors.ts';
import { type NewOrganizationEvent, toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { findStayingOwner, type StayingOwnerDeps } from './staying-owner.ts';

export type SetAccountActiveDeps = StayingOwnerDeps & {
  readonly users: Pick<UserStore, 'profile' | 'setActive' | 'tell'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

type SetAccountActiveInput = { readonly userId: UserId; readonly isActive: boolean };

/** So many organizations hear of it in one transaction. */
const PAGE_SIZE = 30;

/** Each is two of the writes of the transaction that switches the account off. */
const MOST_OWNED = 30;

/**
 * Switches a user's account on or off. While it is off their tokens reach nothing, and they are
 * assigned and subscribed to nothing; memberships and what they hold stay. Each of their
 * organizations is told, since rules may name them there.
 *
 * @throws DomainError `resource.not_found` for who is not there, `conflict` for the only owner of
 * an organization
 */
export async function setAccountActive(
  deps: SetAccountActiveDeps,
  input: SetAccountActiveInput,
): Promise<void> {
  const told = await redecide(() => switchAccount(deps, input));
  // The account was switched with the first page, and the others find it as it shall be.
  for (let start = PAGE_SIZE; start < told.length; start += PAGE_SIZE) {
    const page = told.slice(start, start + PAGE_SIZE);
    await redecide(async () => {
      const outcome = await deps.users.tell(eventsOf(deps, input, page));
      return outcome.committed ? undefined : AGAIN;
    });
  }
}

/** Answers the organizations that are to be told; the first page of them has been. */
async function switchAccount(
  deps: SetAccountActiveDeps,
  input: SetAccountActiveInput,
): Promise<readonly OrganizationId[] | typeof AGAIN> {
  const { userId, isActive } = input;
  const profile = await deps.users.profile(userId);
  if (profile === undefined) {
    throw notFound();
  }
  const organizations = profile.members.map(({ organizationId }) => organizationId);
  const outcome = await deps.users.setActive(userId, isActive, {
    owners: isActive ? new Map() : await stayingOwners(deps, profile),
    events: eventsOf(deps, input, organizations.slice(0, PAGE_SIZE)),
  });
  return outcome.committed ? organizations : AGAIN;
}

/** An owner who stays in each of the organizations that the user is an owner of. */
async function stayingOwners(
  deps: StayingOwnerDeps,
  { user, members }: UserProfile,
): Promise<Map<OrganizationId, UserId>> {
  const owned = members.filter(({ role }) => role === HIGHEST_ROLE);
  if (owned.length > MOST_OWNED) {
    throw invalidRequest(
      `The user is an owner of ${owned.length} organizations: give them another role in all but ${MOST_OWNED} first.`,
    );
  }
  const staying = new Map<OrganizationId, UserId>();
  for (const { organizationId } of owned) {
    const other = await findStayingOwner(deps, organizationId, user.id);
    if (other === undefined) {
      throw conflict(
        `The user is the only remaining owner of the organization ${organizationId}: make somebody with an active account an owner of it first.`,
      );
    }
    staying.set(organizationId, other);
  }
  return staying;
}

function eventsOf(
  deps: Pick<SetAccountActiveDeps, 'clock' | 'newEventId'>,
  { userId, isActive }: SetAccountActiveInput,
  organizationIds: readonly OrganizationId[],
) {
  const happened: readonly NewOrganizationEvent[] = isActive
    ? [namesChanged(['people'], userId)]
    : [namesChanged(['people']), { type: 'member.deactivated', version: 1, data: { userId } }];
  return organizationIds.flatMap((organizationId) =>
    happened.map((event) =>
      toOrganizationEventRecord(event, {
        ...eventContext(deps, systemInitiator(`account-${userId}`), deps.clock()),
        organizationId,
      }),
    ),
  );
}
