import type { Token } from '../../domain/directory.ts';
import { reachOf } from '../../domain/membership.ts';
import type { TokenStore } from '../../stores/directory/tokens.ts';
import type { UserStore } from '../../stores/directory/users.ts';

const bearer = /^bearer +([^\s]+)$/i;

/**
 * Who an `Authorization` header speaks for, with the organizations that they reach now; undefined
 * for a token that is unknown or revoked, and for a header of another scheme. One round trip for an
 * organization's token, two for a user's.
 */
export async function authenticate(
  deps: {
    readonly tokens: Pick<TokenStore, 'find'>;
    readonly users: Pick<UserStore, 'accessTo'>;
  },
  authorization: string | undefined,
): Promise<Token | undefined> {
  const secret = bearer.exec(authorization?.trim() ?? '')?.[1];
  const token = secret === undefined ? undefined : await deps.tokens.find(secret);
  if (token === undefined || token.userId === null) {
    return token;
  }
  const ids = token.organizations.map(({ id }) => id);
  return { ...token, organizations: reachOf(token, await deps.users.accessTo(token.userId, ids)) };
}
