import { actorFromText } from '../../../shared/domain/actor.ts';
import { statusOfSubstatus } from '../../../shared/domain/group-status.ts';
import { indexWorld, type WorldIndex } from './index-of-world.ts';
import type { Entry, Noun, World } from './schema.ts';

/** Something that is wrong with a world: where, as `groups[2].project`, and what. */
export type Problem = { readonly where: string; readonly what: string };

/** What one entry's fields have to agree with; `where` in what it yields is below the entry, or empty for the whole. */
type Rule<N extends Noun> = (entry: Entry<N>, look: WorldIndex) => Iterable<Problem | undefined>;

/** Every reference that leads nowhere, every name that two entries claim, and every field that contradicts another. */
export function* problemsBetween(world: World): Generator<Problem> {
  const look = indexWorld(world);
  for (const noun of Object.keys(rules) as Noun[]) yield* problemsOfNoun(noun, world, look);
  for (const noun of Object.keys(namesOf) as Noun[]) yield* claimedTwice(noun, world, look);
}

function* problemsOfNoun<N extends Noun>(noun: N, world: World, look: WorldIndex) {
  const rule: Rule<N> = rules[noun];
  for (const [position, entry] of (world[noun] as readonly Entry<N>[]).entries()) {
    for (const problem of rule(entry, look)) {
      if (problem === undefined) continue;
      const { where, what } = problem;
      yield { where: `${noun}[${position}]${where === '' ? '' : `.${where}`}`, what };
    }
  }
}

const none = () => [];

const rules: { readonly [N in Noun]: Rule<N> } = {
  organizations: none,
  users: ({ emails }) => [
    emails.filter((one) => one.isPrimary).length > 1
      ? { where: 'emails', what: 'has two primary addresses; keep one' }
      : undefined,
  ],
  members: (entry, look) => [
    organizationIsThere(entry.organization, look),
    userIsThere('user', entry.user, look),
  ],
  teams: (entry, look) => [
    organizationIsThere(entry.organization, look),
    ...entry.members.map(({ user }, index) => userIsThere(`members[${index}].user`, user, look)),
    repeats(
      'members',
      entry.members.map(({ user }) => user),
    ),
  ],
  projects: (entry, look) => [
    organizationIsThere(entry.organization, look),
    ...entry.teams.map((slug, index) =>
      isThere(look.teamBySlug(entry.organization, slug), {
        where: `teams[${index}]`,
        reference: slug,
        kind: `team of the organization "${entry.organization}"`,
        noun: 'teams',
      }),
    ),
    repeats('teams', entry.teams),
  ],
  groups: (entry, look) => [
    isThere(look.project(entry.project), {
      where: 'project',
      reference: entry.project,
      kind: 'project with the id',
      noun: 'projects',
    }),
    substatusFits(entry),
    entry.firstSeen !== undefined &&
    entry.lastSeen !== undefined &&
    entry.firstSeen > entry.lastSeen
      ? { where: 'firstSeen', what: 'is later than lastSeen' }
      : undefined,
  ],
  assignments: (entry, look) => [
    groupIsThere(entry.group, look),
    actorIsThere('assignedTo', entry.assignedTo, entry.group, look),
  ],
  subscriptions: (entry, look) => [
    groupIsThere(entry.group, look),
    ...personIsThere(entry, organizationOfGroup(entry.group, look), look),
  ],
  bookmarks: (entry, look) => [
    groupIsThere(entry.group, look),
    userIsThere('user', entry.user, look),
  ],
  seen: (entry, look) => [groupIsThere(entry.group, look), userIsThere('user', entry.user, look)],
  owners: (entry, look) => [
    groupIsThere(entry.group, look),
    actorIsThere('owner', entry.owner, entry.group, look),
  ],
  tokens: (entry, look) => [
    entry.organizations.length === 0
      ? { where: 'organizations', what: 'must name at least one organization' }
      : undefined,
    ...entry.organizations.map((reference, index) =>
      organizationIsThere(reference, look, `organizations[${index}]`),
    ),
    entry.user === undefined ? undefined : userIsThere('user', entry.user, look),
  ],
  ownership: (entry, look) => [projectIsThere(entry.project, look)],
  codeowners: (entry, look) => [projectIsThere(entry.project, look)],
  notificationSettings: (entry, look) => [
    projectIsThere(entry.project, look),
    userIsThere('user', entry.user, look),
  ],
  integrations: (entry, look) => [organizationIsThere(entry.organization, look)],
  externalActors: (entry, look) => [
    integrationIsThere(entry.integration, look),
    ...personIsThere(entry, look.integration(entry.integration)?.organization, look),
  ],
  links: (entry, look) => [
    groupIsThere(entry.group, look),
    integrationIsThere(entry.integration, look) ?? linkStaysInside(entry, look),
  ],
};

/** What must be said by one entry only, by the field that says it; the value is null where an entry says nothing. */
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
  links: { key: ({ group, integration, key }) => `${key} in ${integration} for ${group}` },
};

function* claimedTwice<N extends Noun>(noun: N, world: World, look: WorldIndex) {
  const names: Readonly<Record<string, (entry: Entry<N>, look: WorldIndex) => string | null>> =
    namesOf[noun];
  for (const [field, nameOf] of Object.entries(names)) {
    const first = new Map<string, number>();
    for (const [position, entry] of (world[noun] as readonly Entry<N>[]).entries()) {
      const name = nameOf(entry, look);
      if (name === null) continue;
      const taken = first.get(name);
      if (taken === undefined) first.set(name, position);
      else {
        const where = `${noun}[${position}].${field}`;
        yield { where, what: `says the same as ${noun}[${taken}]; remove one of the two` };
      }
    }
  }
}

/** A reference that should lead to an entry of `noun`. */
type Reference = {
  readonly where: string;
  readonly reference: string;
  readonly kind: string;
  readonly noun: Noun;
};

function isThere(found: unknown, { where, reference, kind, noun }: Reference): Problem | undefined {
  if (found !== undefined) return undefined;
  return { where, what: `there is no ${kind} "${reference}"; add it to ${noun} or correct it` };
}

function organizationIsThere(reference: string, look: WorldIndex, where = 'organization') {
  return isThere(look.organization(reference), {
    where,
    reference,
    kind: 'organization with the slug or id',
    noun: 'organizations',
  });
}

function userIsThere(where: string, reference: string, look: WorldIndex) {
  const kind = 'user with the id';
  return isThere(look.user(reference), { where, reference, kind, noun: 'users' });
}

function projectIsThere(reference: string, look: WorldIndex) {
  const kind = 'project with the id';
  return isThere(look.project(reference), { where: 'project', reference, kind, noun: 'projects' });
}

function groupIsThere(reference: string, look: WorldIndex) {
  const kind = 'group with the id';
  return isThere(look.group(reference), { where: 'group', reference, kind, noun: 'groups' });
}

function integrationIsThere(reference: string, look: WorldIndex) {
  return isThere(look.integration(reference), {
    where: 'integration',
    reference,
    kind: 'integration with the id',
    noun: 'integrations',
  });
}

/** A team belongs to one organization and means nothing in another. */
function teamIsThere(
  where: string,
  reference: string,
  organization: string | undefined,
  look: WorldIndex,
): Problem | undefined {
  const team = look.team(reference);
  const missing = isThere(team, { where, reference, kind: 'team with the id', noun: 'teams' });
  if (missing || team === undefined || organization === undefined) return missing;
  if (look.organizationId(team.organization) === look.organizationId(organization))
    return undefined;
  return { where, what: `the team "${reference}" belongs to another organization` };
}

function actorIsThere(where: string, text: string, groupId: string, look: WorldIndex) {
  const actor = actorFromText(text);
  if (actor === undefined) return { where, what: `"${text}" names nobody` };
  return actor.type === 'user'
    ? userIsThere(where, actor.id, look)
    : teamIsThere(where, actor.id, organizationOfGroup(groupId, look), look);
}

function* personIsThere(
  { user, team }: { readonly user?: string | undefined; readonly team?: string | undefined },
  organization: string | undefined,
  look: WorldIndex,
) {
  if (user !== undefined) yield userIsThere('user', user, look);
  if (team !== undefined) yield teamIsThere('team', team, organization, look);
}

function organizationOfGroup(groupId: string, look: WorldIndex): string | undefined {
  const project = look.project(look.group(groupId)?.project ?? '');
  return project && look.organizationId(project.organization);
}

function linkStaysInside(entry: Entry<'links'>, look: WorldIndex): Problem | undefined {
  const group = organizationOfGroup(entry.group, look);
  const integration = look.integration(entry.integration)?.organization ?? '';
  if (group === undefined || group === look.organizationId(integration)) return undefined;
  return {
    where: 'integration',
    what: `the integration "${entry.integration}" belongs to another organization than the group`,
  };
}

function repeats(where: string, names: readonly string[]): Problem | undefined {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : { where, what: `names "${twice}" twice; once is enough` };
}

function substatusFits({ status, substatus }: Entry<'groups'>): Problem | undefined {
  if (substatus === undefined || substatus === null) return undefined;
  const fitting = statusOfSubstatus(substatus);
  if ((status ?? 'unresolved') === fitting) return undefined;
  return { where: 'substatus', what: `"${substatus}" goes with the status "${fitting}" only` };
}
