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
  const linked = new Set(world.links.map(({ group }) => group));
  const groups = firstBy(world.groups, ({ id }) => id);
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
    isLinked: (groupId: string) => linked.has(groupId),
    integration: (id: string) => integrations.get(id),
  };
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
