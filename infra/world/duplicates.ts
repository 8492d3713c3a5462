import { readExternalKey } from '../../shared/domain/sync/external-key-url.ts';
import { organizationOfGroup, type Problem } from './is-there.ts';
import type { Entry, Noun, World } from './schema.ts';
import type { WorldIndex } from './world-index.ts';

/** Every name that two entries of a world claim. */
export function* duplicatesIn(world: World, look: WorldIndex): Generator<Problem> {
  for (const noun of Object.keys(namesOf) as Noun[]) {
    yield* claimedTwice(noun, world, look);
  }
}

/** The unique names of each noun, by field; null where an entry has none. */
const namesOf: {
  readonly [N in Noun]: Readonly<
    Record<string, (entry: Entry<N>, look: WorldIndex) => string | null>
  >;
} = {
  organizations: { id: ({ id }) => id, slug: ({ slug }) => slug },
  users: { id: ({ id }) => id, username: ({ username }) => username.toLowerCase() },
  members: {
    user: ({ user, organization }, look) => `${user} in ${look.organizationId(organization)}`,
  },
  teams: {
    id: ({ id }) => id,
    slug: ({ slug, organization }, look) => `${slug} in ${look.organizationId(organization)}`,
  },
  projects: {
    id: ({ id }) => id,
    slug: ({ slug, organization }, look) => `${slug} in ${look.organizationId(organization)}`,
  },
  groups: {
    id: ({ id }) => id,
    shortId: ({ id, shortId }, look) =>
      shortId === undefined ? null : `${shortId} in ${organizationOfGroup(id, look)}`,
  },
  assignments: { group: ({ group }) => group },
  subscriptions: {
    group: ({ group, user, team }) => `${group} for ${user ? `user:${user}` : `team:${team}`}`,
  },
  bookmarks: { user: ({ user, group }) => `${user} on ${group}` },
  seen: { user: ({ user, group }) => `${user} on ${group}` },
  owners: {
    owner: ({ group, type, owner, rule }) => `${owner} on ${group} by ${type} ${rule ?? ''}`,
  },
  tokens: { token: ({ token }) => token },
  ownership: { project: ({ project }) => project },
  codeowners: { project: ({ project }) => project },
  notificationSettings: { user: ({ user, project }) => `${user} in ${project}` },
  integrations: { id: ({ id }) => id },
  externalActors: {
    externalId: ({ integration, externalId }) => `${externalId} in ${integration}`,
  },
  links: {
    key: ({ group, integration, key }, look) =>
      `${comparableKey(key, look.integration(integration))} in ${integration} for ${group}`,
  },
};

/** Two spellings of one external issue (by key, in any case, or by address) are the same link. */
function comparableKey(key: string, tracker: Entry<'integrations'> | undefined): string {
  const reading = tracker && readExternalKey(tracker, key);
  return (reading?.ok ? reading.key : key).toLowerCase();
}

function* claimedTwice<N extends Noun>(noun: N, world: World, look: WorldIndex) {
  const names: Readonly<Record<string, (entry: Entry<N>, look: WorldIndex) => string | null>> =
    namesOf[noun];
  for (const [field, nameOf] of Object.entries(names)) {
    const first = new Map<string, number>();
    for (const [position, entry] of (world[noun] as readonly Entry<N>[]).entries()) {
      const name = nameOf(entry, look);
      if (name === null) {
        continue;
      }
      const taken = first.get(name);
      if (taken === undefined) {
        first.set(name, position);
      } else {
        const where = `${noun}[${position}].${field}`;
        yield { where, what: `says the same as ${noun}[${taken}]; remove one of the two` };
      }
    }
  }
}
