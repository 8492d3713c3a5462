import type { MemberRole } from '../domain/directory.ts';
import { forbidden, notFound } from '../domain/errors.ts';
import type { OrganizationId, UserId } from '../domain/ids.ts';
import type { Adder } from '../domain/membership.ts';
import type { Scope } from './routes/route.ts';

export type { Scope };

type Level = 'read' | 'write' | 'admin';

/** The token of a request and its user, as the authorizer found them. */
export type Caller = {
  readonly tokenId: string;
  /** The token's user; null for the token of an organization, which belongs to no user. */
  readonly userId: UserId | null;
  /** The organizations that the token reaches. */
  readonly organizations: readonly OrganizationRef[];
  /** The scopes as they were granted, without those that they include. */
  readonly scopes: readonly string[];
};

export type OrganizationRef = { readonly id: OrganizationId; readonly slug: string };

const levels: readonly Level[] = ['read', 'write', 'admin'];

/** The caller of a route without an authorizer: reaches no organization and has no scope. */
export const nobody: Caller = {
  tokenId: '',
  userId: null,
  organizations: [],
  scopes: [],
};

/** Throws `access.forbidden` for a caller with none of these scopes. */
export function requireScope(caller: Caller, ...anyOf: readonly Scope[]): void {
  if (!anyOf.some((scope) => hasScope(caller, scope))) {
    throw forbidden();
  }
}

/**
 * Whether the token has a scope, or one that includes it: `x:admin` includes `x:write`, which
 * includes `x:read`.
 */
export function hasScope({ scopes }: Pick<Caller, 'scopes'>, wanted: Scope): boolean {
  const [resource, level] = wanted.split(':') as [string, Level];
  return levels
    .slice(levels.indexOf(level))
    .some((higher) => scopes.includes(`${resource}:${higher}`));
}

/**
 * The token's user, for a request that makes no sense without one. Throws `access.forbidden` for
 * the token of an organization.
 */
export function requireUser({ userId }: Caller): string {
  if (userId === null) {
    throw forbidden();
  }
  return userId;
}

/** The caller as who gives roles; `role` is the one that their user has in the organization. */
export function adderOf(caller: Caller, role: MemberRole | null): Adder {
  return caller.userId === null
    ? { kind: 'token', isOrganizationAdmin: hasScope(caller, 'org:admin') }
    : { kind: 'user', role };
}

/**
 * The organization with this slug or id. Throws `resource.not_found` for one that the token does
 * not reach.
 */
export function requireOrganization({ organizations }: Caller, idOrSlug: string): OrganizationRef {
  const found =
    organizations.find(({ slug }) => slug === idOrSlug) ??
    organizations.find(({ id }) => id === idOrSlug);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}
