import type { Entry, World } from './schema.ts';

/** A world's entries by their ids and slugs. */
export type WorldIndex = ReturnType<typeof indexWorld>;

/**
 * Indexes a world. Of two entries with the same name the first is found; `references.ts` reports
 * the second.
 */
export function indexWorld(world: World) {
  const organizationById = firstBy(world.organizations, ({ id }) => id);
  const organizationBySlug = firstBy(world.organizations, ({ slug }) => slug);
  const organization = (reference: string): Entry<'organizations'> | undefined =>
    organizationById.get(reference) ?? organizationBySlug.get(reference);
  /** The id of an organization by its id or slug; an unknown reference stays as it is. */
  const organizationId = (reference: string) => organization(reference)?.id ?? reference;

  const users = firstBy(world.users, ({ id }) => id);
  const teams = firstBy(world.teams, ({ id }) => id);
  const teamsBySlug = firstBy(
    world.teams,
    (team) => `${organizationId(team.organization)} ${team.slug}`,
  );
  const projects = firstBy(world.projects, ({ id }) => id);
  const assigned = new Set(world.assignments.map(({ group }) => group));
  const userRows = rowsOfUsers(world);
  const linked = new Set(world.links.map(({ group }) => group));
  const groups = firstBy(world.groups, ({ id }) => id);
  const followers = followersByGroup(world);
  const integrations = firstBy(world.integrations, ({ id }) => id);

  return {
    organization,
    organizationId,
    user: (id: string) => users.get(id),
    team: (id: string) => teams.get(id),
    teamBySlug: (organizationReference: string, slug: string) =>
      teamsBySlug.get(`${organizationId(organizationReference)} ${slug}`),
    project: (id: string) => projects.get(id),
    group: (id: string) => groups.get(id),
    /** What the world says of a user and a group, in the order in which nouns are written. */
    ofUser: (groupId: string, userId: string): UserEntries =>
      userRows.get(`${groupId} ${userId}`) ?? {},
    /** Who is subscribed for holding a group that the world assigns. */
    followersOf: (groupId: string): readonly string[] =>
      assigned.has(groupId) ? (followers.get(groupId) ?? []) : [],
    isFollower: (subscription: Entry<'subscriptions'>): boolean =>
      assigned.has(subscription.group) && followsForHolding(subscription),
    isLinked: (groupId: string) => linked.has(groupId),
    integration: (id: string) => integrations.get(id),
  };
}

/** What a world says of a user and a group: all of it is one row. */
export type UserEntries = {
  readonly subscriptions?: Entry<'subscriptions'>;
  readonly bookmarks?: Entry<'bookmarks'>;
  readonly seen?: Entry<'seen'>;
};

function rowsOfUsers(world: World): Map<string, UserEntries> {
  const found = new Map<string, UserEntries>();
  for (const noun of ['subscriptions', 'bookmarks', 'seen'] as const) {
    for (const entry of world[noun]) {
      const key = `${entry.group} ${entry.user}`;
      found.set(key, { ...found.get(key), [noun]: entry });
    }
  }
  return found;
}

function followersByGroup({ subscriptions }: World): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const subscription of subscriptions.filter(followsForHolding)) {
    const { group, user, team } = subscription;
    const subscriber = user === undefined ? `team:${team}` : `user:${user}`;
    found.set(group, [...(found.get(group) ?? []), subscriber]);
  }
  return found;
}

function followsForHolding({ reason, isActive }: Entry<'subscriptions'>): boolean {
  return reason === 'assigned' && isActive;
}

function firstBy<T>(entries: readonly T[], nameOf: (entry: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (!found.has(name)) {
      found.set(name, entry);
    }
  }
  return found;
}
