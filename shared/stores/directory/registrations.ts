import type { Organization, User } from '../../domain/directory.ts';
import { doesNotExist } from '../conditions.ts';
import { directoryKeys } from '../keys.ts';
import type { Transact } from '../transaction.ts';
import { organizationItems } from './organizations.ts';
import { userItems } from './users.ts';

export type RegistrationStore = ReturnType<typeof createRegistrationStore>;

/** Organizations and people that are new. A refusal names what is taken. */
export function createRegistrationStore(transact: Transact) {
  return {
    /** Adds an organization with its slug. One round trip. */
    insertOrganization(organization: Organization) {
      const [own, slug] = organizationItems(organization);
      return transact([
        { name: 'organization', put: { Item: own, ...doesNotExist } },
        { name: 'slug', put: { Item: slug, ...doesNotExist } },
      ]);
    },

    /** Adds a user under a user name that nobody else is given from now on. One round trip. */
    insertUser(user: User) {
      const [own, ...logins] = userItems(user);
      const claim = directoryKeys.usernameClaim(user.username.toLowerCase());
      return transact([
        { name: 'user', put: { Item: own, ...doesNotExist } },
        {
          name: 'username',
          put: {
            // As the rows beside it, it says whom the login means.
            Item: { ...claim, entity: 'login', userId: user.id },
            ...doesNotExist,
          },
        },
        ...logins.map((Item) => ({
          name: 'login' as const,
          put: { Item, ...doesNotExist },
        })),
      ]);
    },
  };
}
