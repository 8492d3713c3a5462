import { forbidden, notFound, rateExceeded } from '../domain/errors.ts';
import type { Scope } from './routes/route.ts';

export type { Scope };

type Level = 'read' | 'write' | 'admin';

/** Who asks, as the authorizer found them. */
export type Caller = {
  readonly tokenId: string;
  /** The token's user; null for an organization's token: then nobody acts. */
  readonly userId: string | null;
  readonly organizations: readonly OrganizationRef[];
  /** The scopes as they were granted, without those that they include. */
  readonly scopes: ReadonlySet<string>;
};

export type OrganizationRef = { readonly id: string; readonly slug: string };

/** Lets callers in. */
export type RequestLimiter = {
  /** Whether a caller may do one more call of an operation: `limit` of them in any second. */
  admit(caller: string, operation: string, limit: number): Promise<boolean>;
};

const levels: readonly Level[] = ['read', 'write', 'admin'];

/** A caller whom no authorizer has let in: they reach nothing and may do nothing. */
export const nobody: Caller = {
  tokenId: '',
  userId: null,
  organizations: [],
  scopes: new Set<string>(),
};

/**
 * Holds a request to any one of these scopes; `x:admin` includes `x:write`, which includes
 * `x:read`. Throws 403.
 */
export function requireScope(caller: Caller, ...anyOf: readonly Scope[]): void {
  if (!anyOf.some((scope) => grants(caller.scopes, scope))) {
    throw forbidden();
  }
}

/**
 * The user who acts, where a request makes no sense without one. Throws 403 for an organization's
 * token.
 */
export function requireUser(caller: Caller): string {
  if (caller.userId === null) {
    throw forbidden();
  }
  return caller.userId;
}

/** Whether granted scopes include this one. */
export function grants(scopes: ReadonlySet<string>, wanted: Scope): boolean {
  const [resource, level] = wanted.split(':') as [string, Level];
  return levels.slice(levels.indexOf(level)).some((higher) => scopes.has(`${resource}:${higher}`));
}

/** The organization that an id or a slug names, if the token reaches it; else it is not there. */
export function organizationOf(caller: Caller, idOrSlug: string): OrganizationRef {
  const { organizations } = caller;
  const found =
    organizations.find(({ slug }) => slug === idOrSlug) ??
    organizations.find(({ id }) => id === idOrSlug);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

/**
 * Counts one call against its limit per second; a limiter that is switched off is null. Started
 * beside the reads of a request and awaited before its answer, it costs no time of its own. Throws
 * 429.
 */
export async function limitRate(
  limiter: RequestLimiter | null,
  caller: Caller,
  operation: string,
  limit: number,
): Promise<void> {
  if (limiter === null) {
    return;
  }
  const who = caller.userId === null ? `token:${caller.tokenId}` : `user:${caller.userId}`;
  if (!(await limiter.admit(who, operation, limit))) {
    throw rateExceeded(limit);
  }
}
