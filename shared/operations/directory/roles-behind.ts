import {
  type Member,
  type MemberRole,
  memberRoles,
  type PendingMember,
} from '../../domain/directory.ts';
import { forbidden, invalidRequest } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { mayChangeRole } from '../../domain/membership.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { Initiator } from '../event-context.ts';

export type RolesBehindDeps = {
  readonly organizations: Pick<OrganizationStore, 'member' | 'members'>;
};

export type RoleChange = {
  readonly organizationId: OrganizationId;
  readonly changed: Member | PendingMember;
  readonly role: MemberRole;
  /** Whether the token has `org:admin`, which counts where it has no user. */
  readonly isOrganizationAdmin: boolean;
  readonly initiator: Initiator;
};

const [HIGHEST_ROLE] = memberRoles;

/**
 * The members whose roles a change of a role rests on, with these roles: whoever makes it, and the
 * owner who stays where an owner becomes something else. Nobody where the role stays as it is.
 *
 * @throws DomainError `access.forbidden` for a role above that of who changes it,
 * `request.invalid` for the only owner
 */
export async function rolesBehind(
  deps: RolesBehindDeps,
  change: RoleChange,
): Promise<ReadonlyMap<string, MemberRole>> {
  const { changed, role } = change;
  if (role === changed.role) {
    return new Map();
  }
  const acting = await requireMayChange(deps, change);
  if (!('userId' in changed)) {
    return rolesOf(acting);
  }
  const others = acting?.userId === changed.userId ? undefined : acting;
  if (changed.role !== HIGHEST_ROLE || others?.role === HIGHEST_ROLE) {
    return rolesOf(others);
  }
  return rolesOf(others, await otherOwner(deps, changed));
}

/** Answers the membership of the acting user; undefined for a token without a user. */
async function requireMayChange(
  { organizations }: RolesBehindDeps,
  { organizationId, initiator: { actingUserId }, isOrganizationAdmin, changed, role }: RoleChange,
): Promise<Member | undefined> {
  if (actingUserId === null) {
    if (!mayChangeRole({ kind: 'token', isOrganizationAdmin }, changed.role, role)) {
      throw forbidden();
    }
    return undefined;
  }
  const acting = await organizations.member(organizationId, actingUserId);
  if (!mayChangeRole({ kind: 'user', role: acting?.role ?? null }, changed.role, role)) {
    throw forbidden();
  }
  return acting;
}

async function otherOwner(
  { organizations }: RolesBehindDeps,
  { organizationId, userId }: Member,
): Promise<Member> {
  const members = await organizations.members(organizationId);
  const staying = members.find((one) => one.role === HIGHEST_ROLE && one.userId !== userId);
  if (staying === undefined) {
    throw invalidRequest('You cannot demote the only remaining owner of the organization.');
  }
  return staying;
}

function rolesOf(...members: readonly (Member | undefined)[]): Map<string, MemberRole> {
  return new Map(
    members.flatMap((member) => (member === undefined ? [] : [[member.userId, member.role]])),
  );
}
