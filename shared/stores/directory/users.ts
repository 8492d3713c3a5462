import {
  NO_DATE_JOINED,
  type TeamMembership,
  type User,
  type UserEmail,
  type UserProfile,
} from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import type { UserAccess } from '../../domain/membership.ts';
import { exists } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { isKeyable } from '../keys.ts';
import { recordEvents } from '../outbox.ts';
import { organizationId } from '../row-fields.ts';
import { flag, list, map, object, orElse, read, rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { checkOwners, memberFromItem } from './organizations.ts';

export type UserStore = ReturnType<typeof createUserStore>;

/** People, with their memberships. */
export function createUserStore(table: Table, transact: Transact) {
  return {
    /** A user with every membership; undefined where there is no such user. One Query. */
    async profile(userId: UserId): Promise<UserProfile | undefined> {
      const items = await table.queryAll({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': directoryKeys.userPartition(userId) },
        ConsistentRead: true,
      });
      const user = items.find((item) => item.entity === 'user');
      if (user === undefined) {
        return undefined;
      }
      return {
        user: userFromItem(user),
        members: items.filter((item) => item.entity === 'member').map(memberFromItem),
        leftOrganizationIds: items
          .filter((item) => item.entity === 'leftOrganization')
          .map((item) => read(item, 'organizationId', organizationId)),
        teams: items.filter((item) => item.entity === 'teamMember').map(teamMembershipFromItem),
      };
    },

    /** The users of these ids that exist, by id. 100 users a round trip. */
    async byIds(userIds: readonly UserId[]): Promise<Map<string, User>> {
      const items = await table.batchGet(userIds.map(directoryKeys.user));
      return new Map(items.map(userFromItem).map((user) => [user.id, user]));
    },

    /** Which of these users have an active account. 100 users a round trip. */
    async activeAmong(userIds: readonly UserId[]): Promise<Set<string>> {
      const items = await table.batchGet(userIds.map(directoryKeys.user));
      return new Set(
        items
          .map(userFromItem)
          .filter(({ isActive }) => isActive)
          .map(({ id }) => id),
      );
    },

    /**
     * A user's account and their memberships in these organizations; undefined for who is gone. One
     * round trip.
     */
    async accessTo(
      userId: UserId,
      organizationIds: readonly OrganizationId[],
    ): Promise<UserAccess | undefined> {
      const items = await table.batchGet([
        directoryKeys.user(userId),
        ...organizationIds.map((id) => directoryKeys.userMember(userId, id)),
      ]);
      const user = items.find((item) => item.entity === 'user');
      if (user === undefined) {
        return undefined;
      }
      return {
        isActive: userFromItem(user).isActive,
        members: items.filter((item) => item.entity === 'member').map(memberFromItem),
      };
    },

    /**
     * Switches a user's account on or off, with the events that tell of it. `owners` stay those of
     * the organizations that the user is one of: it is refused where one of them no longer is, and
     * where there is no such user.
     */
    setActive(
      userId: UserId,
      isActive: boolean,
      {
        owners,
        events,
      }: {
        readonly owners: ReadonlyMap<OrganizationId, UserId>;
        readonly events: readonly EventRecord[];
      },
    ) {
      return transact([
        {
          name: 'user',
          update: updateRow(directoryKeys.user(userId), { set: { isActive } }, exists),
        },
        ...checkOwners(owners),
        ...recordEvents(events),
      ]);
    },

    /** Records more events of such a change. One round trip. */
    tell(events: readonly EventRecord[]) {
      return transact(recordEvents(events));
    },

    /**
     * The ids that a lower-case user name or e-mail address may mean, the user name's first. One
     * Query.
     */
    async idsOfLogin(login: string): Promise<string[]> {
      if (!isKeyable(login)) {
        return [];
      }
      const items = await table.queryAll({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': directoryKeys.loginPartition(login) },
        ConsistentRead: true,
      });
      return [...new Set(items.map((item) => read(item, 'userId', text)))];
    },
  };
}

/** A user's rows: their own, and those that find them by user name and by each address. */
export function userItems(user: User): Item[] {
  const logins = new Map<string, Item>();
  const add = (login: string, kind: 'username' | 'email') => {
    const key = directoryKeys.login(login.toLowerCase(), kind, user.id);
    logins.set(`${key.pk}\n${key.sk}`, { ...key, entity: 'login', userId: user.id });
  };
  add(user.username, 'username');
  for (const { email } of user.emails) {
    add(email, 'email');
  }
  return [{ ...directoryKeys.user(user.id), entity: 'user', ...user }, ...logins.values()];
}

export const teamMembershipFromItem = rowReader<TeamMembership>({
  organizationId,
  teamId: text,
  userId: text,
  isActive: flag,
});

const userFromItem = rowReader<User>({
  id: text,
  username: text,
  name: text,
  emails: list(object<UserEmail>({ email: text, isPrimary: flag, isVerified: flag })),
  isActive: flag,
  options: map,
  dateJoined: orElse(text, NO_DATE_JOINED),
});
