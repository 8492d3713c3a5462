import { isExpired } from '../../domain/directory/token-expiry.ts';
import type { TokenGrant } from '../../domain/directory.ts';
import { conflict, invalidRequest, notFound } from '../../domain/errors.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { NewToken, TokenStore } from '../../stores/directory/tokens.ts';
import { type AdmitMemberDeps, admitMember } from './admit-member.ts';

export type MakeTokenDeps = AdmitMemberDeps & {
  readonly organizations: Pick<OrganizationStore, 'byIds' | 'member'>;
  readonly tokens: Pick<TokenStore, 'insert'>;
};

/**
 * Makes a token of organizations, for a user or for nobody. A user's token is made under their
 * memberships; who was pending is a member from now on.
 *
 * @throws DomainError `resource.not_found` for an organization that is not there, `request.invalid`
 * for a user who is no member of one of them, and for an expiry that is over, `conflict` where
 * there is such a token
 */
export async function makeToken(
  deps: MakeTokenDeps,
  input: {
    readonly secret: string;
    readonly userId: UserId | null;
    readonly organizationIds: readonly OrganizationId[];
    readonly scopes: readonly string[];
    readonly name?: string;
    /** ISO 8601 in UTC, whole seconds; null, or absent, for one that does not expire. */
    readonly dateExpires?: string | null;
  },
): Promise<NewToken> {
  const { secret, userId, scopes, name = '', dateExpires = null } = input;
  const dateCreated = deps.clock();
  if (isExpired({ dateExpires }, Date.parse(dateCreated))) {
    throw invalidRequest(`A token that expires at ${dateExpires} would be dead already.`);
  }
  const found = await deps.organizations.byIds(input.organizationIds);
  if (found.length < input.organizationIds.length) {
    throw notFound();
  }
  const organizations: TokenGrant[] = [];
  for (const { id, slug } of found) {
    const member = userId === null ? null : await admitMember(deps, { organizationId: id, userId });
    if (member === undefined) {
      throw invalidRequest(
        `The user ${userId} is no member of the organization ${slug}: add them to it first.`,
      );
    }
    organizations.push({ id, slug, membershipId: member?.id ?? null });
  }
  const token: NewToken = { userId, organizations, scopes, name, dateCreated, dateExpires };
  const outcome = await commitWithRetry(() => deps.tokens.insert(secret, token));
  if (!outcome.committed) {
    throw conflict('There is a token of this text already: make another.');
  }
  return token;
}
