import type { UserProfile } from '../../domain/directory.ts';
import type { UserStore } from '../../stores/directory/users.ts';

export type FindPeopleDeps = { readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'> };

/** An id that no user has. */
const NOBODYS_ID = '0';

/**
 * The users that a lower-case user name or e-mail address may mean, the user name's first, of
 * whatever organization: who of them the caller may hear of is asked next. Two round trips also for
 * a name that nobody has, so that the time of an answer does not tell a stranger's name from
 * nobody's.
 */
export async function profilesOfLogin(
  { users }: FindPeopleDeps,
  login: string,
): Promise<UserProfile[]> {
  const ids = await users.idsOfLogin(login);
  const profiles = await Promise.all((ids.length === 0 ? [NOBODYS_ID] : ids).map(users.profile));
  return profiles.filter((profile) => profile !== undefined);
}
