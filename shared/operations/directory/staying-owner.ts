import { HIGHEST_ROLE } from '../../domain/directory.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { UserStore } from '../../stores/directory/users.ts';

export type StayingOwnerDeps = {
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly users: Pick<UserStore, 'activeAmong'>;
};

/**
 * An owner who stays where somebody else stops being one: another member with that role whose
 * account is active, since who cannot log in looks after nothing. Undefined where there is none.
 * Whoever ends an ownership commits it together with a check of the owner who stays, so that two
 * owners who end each other's at the same time are not both gone.
 */
export async function findStayingOwner(
  { organizations, users }: StayingOwnerDeps,
  organizationId: OrganizationId,
  leaving: UserId,
): Promise<UserId | undefined> {
  const members = await organizations.members(organizationId);
  const others = members
    .filter(({ role, userId }) => role === HIGHEST_ROLE && userId !== leaving)
    .map(({ userId }) => userId);
  const active = await users.activeAmong(others);
  return others.find((userId) => active.has(userId));
}
