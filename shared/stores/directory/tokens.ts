import { createHash } from 'node:crypto';
import type { Token, TokenGrant } from '../../domain/directory.ts';
import { directoryKeys } from '../keys.ts';
import type { Item, Table } from '../table.ts';
import type { Transact } from '../transaction.ts';

export type TokenStore = ReturnType<typeof createTokenStore>;

/** API tokens; only their SHA-256 is ever stored. */
export function createTokenStore(table: Table, transact: Transact) {
  return {
    /** What a token stands for; undefined for one that is unknown or revoked. One round trip. */
    async find(secret: string): Promise<Token | undefined> {
      const item = await table.get(directoryKeys.token(hashToken(secret)));
      return item && tokenFromItem(item);
    },

    /** Adds a token. Refused where there is one of the same text. One round trip. */
    insert(secret: string, token: Omit<Token, 'id'>) {
      return transact(
        tokenItems(secret, token).map((Item) => ({
          name: 'token',
          put: { Item, ConditionExpression: 'attribute_not_exists(pk)' },
        })),
      );
    },

    /** Revokes a token. Refused where there is none. Two round trips. */
    async remove(secret: string) {
      const hash = hashToken(secret);
      const own = directoryKeys.token(hash);
      const item = await table.get(own);
      const { userId } = item === undefined ? { userId: null } : tokenFromItem(item);
      return transact([
        { name: 'token', delete: { Key: own, ConditionExpression: 'attribute_exists(pk)' } },
        ...(userId === null
          ? []
          : [{ name: "the user's token", delete: { Key: directoryKeys.userToken(userId, hash) } }]),
      ]);
    },
  };
}

/** A token's row, and for a user's token the row that lists it with the user. */
export function tokenItems(secret: string, token: Omit<Token, 'id'>): Item[] {
  const hash = hashToken(secret);
  const row = { entity: 'token', id: hash.slice(0, 16), ...token };
  const own: Item = { ...directoryKeys.token(hash), ...row };
  if (token.userId === null) {
    return [own];
  }
  return [own, { ...directoryKeys.userToken(token.userId, hash), entity: 'userToken', hash }];
}

/** The name under which a token is stored: SHA-256, in hexadecimal. */
export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

type StoredGrant = Omit<TokenGrant, 'membershipId'> & Partial<Pick<TokenGrant, 'membershipId'>>;

function tokenFromItem(item: Item): Token {
  return {
    id: item.id as string,
    userId: (item.userId as string | null | undefined) ?? null,
    organizations: (item.organizations as StoredGrant[]).map((grant) => ({
      ...grant,
      // Tokens older than the ids of memberships go with memberships of that time, which have none
      // either.
      membershipId: grant.membershipId ?? (item.userId ? '' : null),
    })),
    scopes: item.scopes as Token['scopes'],
  };
}
