import type { Token } from '../../domain/directory.ts';
import type { TokenStore } from '../../stores/directory/tokens.ts';

const bearer = /^bearer +([^\s]+)$/i;

/**
 * Who an `Authorization` header speaks for; undefined for a token that is unknown or revoked, and for a header of another
 * scheme. One round trip.
 */
export async function authenticate(
  deps: { readonly tokens: Pick<TokenStore, 'find'> },
  authorization: string | undefined,
): Promise<Token | undefined> {
  const secret = bearer.exec(authorization?.trim() ?? '')?.[1];
  return secret === undefined ? undefined : deps.tokens.find(secret);
}
