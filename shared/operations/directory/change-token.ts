import { endOfOverlap, expiryOfSuccessor, isExpired } from '../../domain/directory/token-expiry.ts';
import { conflict, invalidRequest, notFound } from '../../domain/errors.ts';
import { commitWithRetry } from '../../retry.ts';
import type {
  NewToken,
  StoredToken,
  TokenOwner,
  TokenStore,
} from '../../stores/directory/tokens.ts';
import type { Clock } from '../deps.ts';

/** Which token: by its text, or by its id among those of an organization or of a user. */
export type TokenReference =
  | { readonly secret: string }
  | { readonly owner: TokenOwner; readonly id: string };

type FindTokenDeps = { readonly tokens: Pick<TokenStore, 'find' | 'byId'> };

/** Revokes a token. Throws `resource.not_found` for one that is not there. */
export async function revokeToken(
  deps: { readonly tokens: Pick<TokenStore, 'find' | 'byId' | 'remove'> },
  reference: TokenReference,
): Promise<StoredToken> {
  const token = await findToken(deps, reference);
  const outcome = await commitWithRetry(() => deps.tokens.remove(token));
  if (outcome.committed) {
    return token;
  }
  // Somebody has just shortened its life: it is to end all the same.
  const now = await findToken(deps, reference);
  if (!(await commitWithRetry(() => deps.tokens.remove(now))).committed) {
    throw conflict('The token is being changed. Please try again in a second');
  }
  return now;
}

/** A token that replaces another, and when that one ends: null where it has. */
export type RotatedToken = {
  readonly old: StoredToken;
  readonly oldEndsAt: string | null;
  readonly token: NewToken;
};

/**
 * Makes a token that reaches what another one reaches, and no more: one that is dead, because its
 * user has left or for its age, gets no living successor. The old one lives on for the overlap.
 *
 * @throws DomainError `resource.not_found` for a token that is not there, `request.invalid` for one
 * that has expired, and for an expiry that is over, `conflict` where somebody else changes it
 */
export async function rotateToken(
  deps: {
    readonly tokens: Pick<TokenStore, 'find' | 'byId' | 'replace'>;
    readonly clock: Clock;
  },
  input: {
    readonly reference: TokenReference;
    readonly secret: string;
    readonly overlapMs: number;
    /** Null for one that does not expire; undefined: it lives as long as the old one was to. */
    readonly dateExpires?: string | null | undefined;
  },
): Promise<RotatedToken> {
  const old = await findToken(deps, input.reference);
  const dateCreated = deps.clock();
  const nowMs = Date.parse(dateCreated);
  if (isExpired(old, nowMs)) {
    throw invalidRequest(`The token ${old.id} expired at ${old.dateExpires}: make a new one.`);
  }
  const dateExpires =
    input.dateExpires === undefined ? expiryOfSuccessor(old, nowMs) : input.dateExpires;
  if (isExpired({ dateExpires }, nowMs)) {
    throw invalidRequest(`A token that expires at ${dateExpires} would be dead already.`);
  }
  const { userId, organizations, scopes, name } = old;
  const token: NewToken = { userId, organizations, scopes, name, dateCreated, dateExpires };
  const oldEndsAt = endOfOverlap(old, nowMs, input.overlapMs);
  const outcome = await commitWithRetry(() =>
    deps.tokens.replace(old, oldEndsAt, input.secret, token),
  );
  if (!outcome.committed) {
    throw conflict('Somebody else has changed this token. Please look at it again.');
  }
  return { old, oldEndsAt, token };
}

async function findToken(
  { tokens }: FindTokenDeps,
  reference: TokenReference,
): Promise<StoredToken> {
  const token =
    'secret' in reference
      ? await tokens.find(reference.secret)
      : await tokens.byId(reference.owner, reference.id);
  if (token === undefined) {
    throw notFound();
  }
  return token;
}
