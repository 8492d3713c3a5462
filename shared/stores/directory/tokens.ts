import { createHash } from 'node:crypto';
import type { Token } from '../../domain/directory.ts';
import { directoryKeys } from '../keys.ts';
import type { Item, Table } from '../table.ts';

export type TokenStore = ReturnType<typeof createTokenStore>;

/** API tokens; only their SHA-256 is ever stored. */
export function createTokenStore(table: Table) {
  return {
    /** What a token stands for; undefined for one that is unknown or revoked. One round trip. */
    async find(secret: string): Promise<Token | undefined> {
      const item = await table.get(directoryKeys.token(hashToken(secret)));
      return item && tokenFromItem(item);
    },
  };
}

/** A token's row, and for a user's token the row that lists it with the user. */
export function tokenItems(secret: string, token: Omit<Token, 'id'>): Item[] {
  const hash = hashToken(secret);
  const row = { entity: 'token', id: hash.slice(0, 16), ...token };
  const own: Item = { ...directoryKeys.token(hash), ...row };
  if (token.userId === null) return [own];
  return [own, { ...directoryKeys.userToken(token.userId, hash), entity: 'userToken', hash }];
}

/** The name under which a token is stored: SHA-256, in hexadecimal. */
export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function tokenFromItem(item: Item): Token {
  return {
    id: item.id as string,
    userId: (item.userId as string | null | undefined) ?? null,
    organizations: item.organizations as Token['organizations'],
    scopes: item.scopes as Token['scopes'],
  };
}
