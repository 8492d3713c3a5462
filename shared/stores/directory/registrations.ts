import type { Organization, OrganizationSettings, User } from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import { allOf, attributesAre, doesNotExist, orphanPolicyIs } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { recordEvents } from '../outbox.ts';
import type { Transact } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { organizationItems } from './organizations.ts';
import { userItems } from './users.ts';

export type RegistrationStore = ReturnType<typeof createRegistrationStore>;

/**
 * Organizations and people that are new, and the settings of organizations. A refusal names what is
 * taken, or has changed.
 */
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

    /**
     * Changes what was read of an organization, with the events that tell of it. Refused where
     * somebody has changed the same since. One round trip.
     */
    updateOrganization(
      read: Organization,
      { name, openMembership, orphanPolicy }: OrganizationSettings,
      events: readonly EventRecord[],
    ) {
      return transact([
        {
          name: 'organization',
          update: updateRow(
            directoryKeys.organization(read.id),
            { set: { name, openMembership, orphanPolicy } },
            allOf(
              attributesAre({ name: read.name, openMembership: read.openMembership }),
              orphanPolicyIs(read.orphanPolicy),
            ),
          ),
        },
        ...recordEvents(events),
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
