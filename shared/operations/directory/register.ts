import type { Organization, User } from '../../domain/directory.ts';
import { conflict, invalidRequest } from '../../domain/errors.ts';
import { INVALID_SLUG, isWellFormedSlug, slugCandidates } from '../../domain/slug.ts';
import { commitWithRetry } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { RegistrationStore } from '../../stores/directory/registrations.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { insertUnderSlug } from '../insert-under-slug.ts';

type RegisterDeps = {
  readonly clock: Clock;
  readonly newId: () => string;
};

const noneIsReserved = () => false;

/**
 * Makes an organization, under a slug that is chosen or made of its name.
 *
 * @throws DomainError `request.invalid` for a slug that is none, `conflict` for one that is taken
 */
export async function makeOrganization(
  deps: RegisterDeps & {
    readonly organizations: Pick<OrganizationStore, 'idOfSlug'>;
    readonly registrations: Pick<RegistrationStore, 'insertOrganization'>;
    readonly randomInt: (exclusiveMax: number) => number;
  },
  input: {
    readonly name: string;
    readonly slug: string | null;
    readonly openMembership: boolean;
    readonly features: readonly string[];
  },
): Promise<Organization> {
  const { slug: chosen, ...about } = input;
  if (chosen !== null && !isWellFormedSlug(chosen)) {
    throw invalidRequest(`${chosen} is no slug. ${INVALID_SLUG}`);
  }
  const organization = {
    ...about,
    id: deps.newId(),
    options: {},
    dateCreated: deps.clock(),
    orphanPolicy: 'keep' as const,
    projectDeletionDelaySeconds: 0,
  };
  const candidates =
    chosen === null ? slugCandidates(input.name, deps.randomInt, noneIsReserved) : [chosen];
  const outcome = await insertUnderSlug(candidates, {
    isTaken: async (slug) => (await deps.organizations.idOfSlug(slug)) !== undefined,
    insert: (slug) => deps.registrations.insertOrganization({ ...organization, slug }),
  });
  if (outcome.kind === 'inserted') {
    return { ...organization, slug: outcome.slug };
  }
  throw conflict(
    outcome.kind === 'taken'
      ? `There is an organization ${chosen ?? input.name} already: choose another slug.`
      : 'The organization could not be made. Please try again in a second',
  );
}

/**
 * Makes a user whose addresses are taken for verified: whoever calls this answers for them.
 *
 * @throws DomainError `conflict` for a user name or an address that somebody has
 */
export async function makeUser(
  deps: RegisterDeps & {
    readonly users: Pick<UserStore, 'idsOfLogin'>;
    readonly registrations: Pick<RegistrationStore, 'insertUser'>;
  },
  {
    username,
    name,
    emails,
  }: { readonly username: string; readonly name: string; readonly emails: readonly string[] },
): Promise<User> {
  for (const login of [username, ...emails]) {
    const [id] = await deps.users.idsOfLogin(login.toLowerCase());
    if (id !== undefined) {
      throw loginTaken(login, id);
    }
  }
  const user: User = {
    id: deps.newId(),
    username,
    name,
    emails: emails.map((email, index) => ({ email, isPrimary: index === 0, isVerified: true })),
    isActive: true,
    options: {},
    dateJoined: deps.clock(),
  };
  const outcome = await commitWithRetry(() => deps.registrations.insertUser(user));
  if (!outcome.committed) {
    throw conflict(`Somebody has just taken the user name ${username}.`);
  }
  return user;
}

function loginTaken(login: string, id: string) {
  return conflict(`The user ${id} has ${login} already.`);
}
