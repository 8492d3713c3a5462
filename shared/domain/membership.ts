import type { Member, MemberRole, Token, TokenGrant } from './directory.ts';
import { memberRoles } from './directory.ts';

/** A user's account, and the user's memberships in some organizations, as they are now. */
export type UserAccess = { readonly isActive: boolean; readonly members: readonly Member[] };

/**
 * The organizations that a token reaches. A user's token reaches those in which the user still has
 * the membership that the token was made under, while the account is active. A user who left and
 * came back has another membership, so older tokens stay invalid. `access` is undefined for a user
 * who no longer exists.
 */
export function reachOf(
  token: Pick<Token, 'userId' | 'organizations'>,
  access: UserAccess | undefined,
): TokenGrant[] {
  if (token.userId === null) {
    return [...token.organizations];
  }
  if (access === undefined || !access.isActive) {
    return [];
  }
  const membershipIds = new Map(access.members.map((one) => [one.organizationId, one.id]));
  return token.organizations.filter(({ id, membershipId }) => {
    const current = membershipIds.get(id);
    return current !== undefined && current === membershipId;
  });
}

/** Who adds a member. `role` is null for a user who is not a member of the organization. */
export type Adder =
  | { readonly kind: 'user'; readonly role: MemberRole | null }
  | { readonly kind: 'token'; readonly isOrganizationAdmin: boolean };

/**
 * Whether a caller may give a role to a new member: a user none above their own; a token without a
 * user only `member`, or every role with the scope `org:admin`.
 */
export function mayGiveRole(adder: Adder, role: MemberRole): boolean {
  if (adder.kind === 'token') {
    return role === 'member' || adder.isOrganizationAdmin;
  }
  if (adder.role === null) {
    return false;
  }
  return memberRoles.indexOf(role) >= memberRoles.indexOf(adder.role);
}
