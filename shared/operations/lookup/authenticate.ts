import { isExpired } from '../../domain/directory/token-expiry.ts';
import type { Token } from '../../domain/directory.ts';
import { reachOf } from '../../domain/membership.ts';
import type { TokenStore } from '../../stores/directory/tokens.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';

const bearer = /^bearer +([^\s]+)$/i;

/**
 * Who an `Authorization` header speaks for, with the organizations that they reach now; undefined
 * for a token that is unknown, revoked or expired, and for a header of another scheme. One round
 * trip for an organization's token, two for a user's. Whoever keeps the answer keeps a token alive
 * for as long.
 */
export async function authenticate(
  deps: {
    readonly tokens: Pick<TokenStore, 'find'>;
    readonly users: Pick<UserStore, 'accessTo'>;
    readonly clock: Clock;
  },
  authorization: string | undefined,
): Promise<Token | undefined> {
  const secret = bearer.exec(authorization?.trim() ?? '')?.[1];
  const token = secret === undefined ? undefined : await deps.tokens.find(secret);
  if (token === undefined || isExpired(token, Date.parse(deps.clock()))) {
    return undefined;
  }
  if (token.userId === null) {
    return token;
  }
  const ids = token.organizations.map(({ id }) => id);
  return { ...token, organizations: reachOf(token, await deps.users.accessTo(token.userId, ids)) };
}
