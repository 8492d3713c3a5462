import {
  HIGHEST_ROLE,
  type Member,
  type MemberRole,
  type PendingMember,
} from '../../domain/directory.ts';
import { forbidden, invalidRequest } from '../../domain/errors.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { mayChangeRole } from '../../domain/membership.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { Initiator } from '../event-context.ts';
import { findStayingOwner, type StayingOwnerDeps } from './staying-owner.ts';

export type RolesBehindDeps = StayingOwnerDeps & {
  readonly organizations: Pick<OrganizationStore, 'member'>;
};

export type RoleChange = {
  readonly organizationId: OrganizationId;
  readonly changed: Member | PendingMember;
  readonly role: MemberRole;
  /** Whether the token has `org:admin`, which counts where it has no user. */
  readonly isOrganizationAdmin: boolean;
  readonly initiator: Initiator;
};

/** What a change of a role rests on, and what its commit therefore checks. */
export type RolesBehind = {
  /** The role of whoever makes it; empty for a token without a user. */
  readonly roles: ReadonlyMap<UserId, MemberRole>;
  /** Who stays an owner where an owner becomes something else; null where no owner does. */
  readonly stayingOwner: UserId | null;
};

/**
 * The members whose roles a change of a role rests on: whoever makes it, and the owner who stays
 * where an owner becomes something else. Nobody where the role stays as it is.
 *
 * @throws DomainError `access.forbidden` for a role above that of who changes it,
 * `request.invalid` for the only owner
 */
export async function rolesBehind(deps: RolesBehindDeps, change: RoleChange): Promise<RolesBehind> {
  const { changed, role } = change;
  if (role === changed.role) {
    return { roles: new Map(), stayingOwner: null };
  }
  const acting = await requireMayChange(deps, change);
  const stayingOwner =
    'userId' in changed && changed.role === HIGHEST_ROLE ? await otherOwner(deps, changed) : null;
  // Who changes their own role, or stays the owner, is checked as that already.
  const isCheckedAlready = [stayingOwner, 'userId' in changed ? changed.userId : null];
  return {
    roles: new Map(
      acting === undefined || isCheckedAlready.includes(acting.userId)
        ? []
        : [[acting.userId, acting.role]],
    ),
    stayingOwner,
  };
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
  deps: RolesBehindDeps,
  { organizationId, userId }: Member,
): Promise<UserId> {
  const staying = await findStayingOwner(deps, organizationId, userId);
  if (staying === undefined) {
    throw invalidRequest('You cannot demote the only remaining owner of the organization.');
  }
  return staying;
}
