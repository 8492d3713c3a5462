import { createHash } from 'node:crypto';
import { lastCharactersOf } from '../../domain/directory/token-text.ts';
import type { Token, TokenGrant } from '../../domain/directory.ts';
import type { MembershipId, OrganizationId, UserId } from '../../domain/ids.ts';
import { allOf, attributesAre, type Condition, doesNotExist, exists } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import type { Key } from '../keys.ts';
import { organizationId } from '../row-fields.ts';
import {
  list,
  nullable,
  number,
  object,
  optional,
  orElse,
  read,
  rowReader,
  text,
} from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';

export type TokenStore = ReturnType<typeof createTokenStore>;

/** A token as it is kept, with the SHA-256 of its text. */
export type StoredToken = Token & { readonly hash: string };

/** A token that is to be; its id and last characters follow from its text. */
export type NewToken = Omit<Token, 'id' | 'lastCharacters'>;

/** Who has tokens: an organization, or a user. */
export type TokenOwner = { readonly organizationId: OrganizationId } | { readonly userId: UserId };

/** API tokens; only their SHA-256 is ever stored. */
export function createTokenStore(table: Table, transact: Transact) {
  async function listed(owner: TokenOwner, prefix: string): Promise<StoredToken[]> {
    const partition =
      'userId' in owner
        ? directoryKeys.userPartition(owner.userId)
        : directoryKeys.organizationPartition(owner.organizationId);
    const rows = await table.queryAll(byPrefix(partition, prefix));
    const items = await table.batchGet(
      rows.map((row) => directoryKeys.token(read(row, 'hash', text))),
    );
    const found = new Map(items.map((item) => [hashOf(item), tokenFromItem(item)]));
    return rows.flatMap((row) => found.get(read(row, 'hash', text)) ?? []);
  }

  return {
    /** What a token stands for; undefined for one that is unknown or revoked. One round trip. */
    async find(secret: string): Promise<StoredToken | undefined> {
      const item = await table.get(directoryKeys.token(hashToken(secret)));
      return item && tokenFromItem(item);
    },

    /** The tokens of an organization, or of a user. Two round trips for 100 of them. */
    list: (owner: TokenOwner): Promise<StoredToken[]> => listed(owner, directoryKeys.tokenPrefix),

    /** One of them by its id, with which its hash begins. Two round trips. */
    async byId(owner: TokenOwner, id: string): Promise<StoredToken | undefined> {
      const [token] = await listed(owner, `${directoryKeys.tokenPrefix}${id}`);
      return token?.id === id ? token : undefined;
    },

    /** Adds a token. Refused where there is one of the same text. One round trip. */
    insert(secret: string, token: NewToken) {
      return transact(insertWrites(secret, token));
    },

    /** Revokes a token. Refused where it is gone. One round trip. */
    remove(token: StoredToken) {
      return transact(removeWrites(token));
    },

    /**
     * Adds a token in place of one that ends then, or for null at that moment. Refused where the
     * old one is gone, or ends at another time than was read. One round trip.
     */
    replace(old: StoredToken, endsAt: string | null, secret: string, token: NewToken) {
      return transact([
        ...insertWrites(secret, token),
        ...(endsAt === null ? removeWrites(old) : endWrites(old, endsAt)),
      ]);
    },
  };
}

function insertWrites(secret: string, token: NewToken): Write<'token'>[] {
  return tokenItems(secret, token).map((Item) => ({
    name: 'token',
    put: { Item, ...doesNotExist },
  }));
}

function removeWrites(token: StoredToken): Write<'old token' | 'list of tokens'>[] {
  return [
    {
      name: 'old token',
      delete: { Key: directoryKeys.token(token.hash), ...asRead(token) },
    },
    ...listKeys(token, token.hash).map((Key) => ({
      name: 'list of tokens' as const,
      delete: { Key },
    })),
  ];
}

function endWrites(token: StoredToken, endsAt: string): Write<'old token' | 'list of tokens'>[] {
  const end = { set: { expiresAt: toSeconds(endsAt) } };
  return [
    {
      name: 'old token',
      update: updateRow(directoryKeys.token(token.hash), end, asRead(token)),
    },
    ...listKeys(token, token.hash).map((key) => ({
      name: 'list of tokens' as const,
      update: updateRow(key, end, exists),
    })),
  ];
}

/** The token is there and ends when it was read to end. */
function asRead({ dateExpires }: StoredToken): Condition {
  const expiresAt = dateExpires === null ? undefined : toSeconds(dateExpires);
  return allOf(exists, attributesAre({ expiresAt }));
}

/** A token's row, and the rows that list it with its organizations and with its user. */
export function tokenItems(secret: string, token: NewToken): Item[] {
  const hash = hashToken(secret);
  const { dateExpires, ...kept } = token;
  // What has expired is removed by the table, some time later.
  const expiry = dateExpires === null ? {} : { expiresAt: toSeconds(dateExpires) };
  const own: Item = {
    ...directoryKeys.token(hash),
    entity: 'token',
    id: hash.slice(0, 16),
    lastCharacters: lastCharactersOf(secret),
    ...kept,
    ...expiry,
  };
  const lists = listKeys(token, hash).map((key) => ({
    ...key,
    entity: 'listedToken',
    hash,
    ...expiry,
  }));
  return [own, ...lists];
}

/** A user's token is listed with them too. */
function listKeys({ userId, organizations }: NewToken, hash: string): Key[] {
  return [
    ...organizations.map(({ id }) => directoryKeys.organizationToken(id, hash)),
    ...(userId === null ? [] : [directoryKeys.userToken(userId, hash)]),
  ];
}

/** The name under which a token is stored: SHA-256, in hexadecimal. */
export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function hashOf({ pk }: Item): string {
  return pk.slice(directoryKeys.tokenPrefix.length);
}

function toSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1_000);
}

/** Tokens lack what they are older than: the ids of memberships, or names. */
const grant = object<
  Omit<TokenGrant, 'membershipId'> & { readonly membershipId: MembershipId | null | undefined }
>({
  id: organizationId,
  slug: text,
  membershipId: optional(nullable(text)),
});

const rowFromItem = rowReader({
  id: text,
  userId: nullable(text),
  organizations: list(grant),
  scopes: list(text),
  name: orElse(text, ''),
  lastCharacters: orElse(text, ''),
  dateCreated: orElse(text, ''),
  expiresAt: nullable(number),
});

function tokenFromItem(item: Item): StoredToken {
  const { expiresAt, organizations, ...token } = rowFromItem(item);
  return {
    hash: hashOf(item),
    ...token,
    organizations: organizations.map(({ id, slug, membershipId }) => ({
      id,
      slug,
      // They go with memberships of that time, which have no ids either.
      membershipId: membershipId === undefined ? absentMembership(token.userId) : membershipId,
    })),
    dateExpires: expiresAt === null ? null : new Date(expiresAt * 1_000).toISOString(),
  };
}

function absentMembership(userId: UserId | null): string | null {
  return userId === null ? null : '';
}
