import type { Member, MemberRole, Token, TokenGrant } from './directory.ts';
import { memberRoles } from './directory.ts';

/** A user's account and their memberships in some organizations, as they are now. */
export type UserAccess = { readonly isActive: boolean; readonly members: readonly Member[] };

/**
 * The organizations that a token reaches: for a user's token those in which the user still has the
 * membership that the token was made under, as long as their account is active. Who came back has
 * another membership: tokens of the first one stay dead. `access` undefined: the user is gone.
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

/** Who adds somebody. `role` is null for a user who is not a member, or not any more. */
export type Adder =
  | { readonly kind: 'user'; readonly role: MemberRole | null }
  | { readonly kind: 'token'; readonly isOrganizationAdmin: boolean };

/**
 * Whether somebody may give a role: a user none above their own; a token without a user `member` at
 * most, or any if it has `org:admin`.
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

/**
 * Whether somebody may change a role: neither the one that is there nor the new one may be above
 * what they may give.
 */
export function mayChangeRole(adder: Adder, from: MemberRole, to: MemberRole): boolean {
  return mayGiveRole(adder, from) && mayGiveRole(adder, to);
}

/** What a change makes of the teams of a member; ids. */
export type TeamsChange = { readonly joined: readonly string[]; readonly left: readonly string[] };

/** From some teams to others; null keeps those that there are. */
export function changeTeams(
  before: readonly string[],
  wanted: readonly string[] | null,
): TeamsChange {
  if (wanted === null) {
    return { joined: [], left: [] };
  }
  return {
    joined: [...new Set(wanted)].filter((id) => !before.includes(id)),
    left: before.filter((id) => !wanted.includes(id)),
  };
}
