import { statusOfSubstatus } from '../../shared/domain/issues/group-status.ts';
import { readExternalKey } from '../../shared/domain/sync/external-key-url.ts';
import { duplicatesIn } from './duplicates.ts';
import {
  actorIsThere,
  groupIsThere,
  integrationIsThere,
  isThere,
  organizationIsThere,
  organizationOfGroup,
  type Problem,
  personIsThere,
  projectIsThere,
  userIsThere,
} from './is-there.ts';
import type { Entry, Noun, World } from './schema.ts';
import { indexWorld, type WorldIndex } from './world-index.ts';

/**
 * The checks of one entry. `where` of a problem is relative to the entry, or empty for the whole
 * entry.
 */
type Rule<N extends Noun> = (entry: Entry<N>, look: WorldIndex) => Iterable<Problem | undefined>;

/**
 * The problems of a world: references to missing entries, names that two entries claim, and
 * contradictory fields.
 */
export function* problemsBetween(world: World): Generator<Problem> {
  const look = indexWorld(world);
  for (const noun of Object.keys(rules) as Noun[]) {
    yield* problemsOfNoun(noun, world, look);
  }
  yield* duplicatesIn(world, look);
}

function* problemsOfNoun<N extends Noun>(noun: N, world: World, look: WorldIndex) {
  const rule: Rule<N> = rules[noun];
  for (const [position, entry] of (world[noun] as readonly Entry<N>[]).entries()) {
    for (const problem of rule(entry, look)) {
      if (problem === undefined) {
        continue;
      }
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
        kind: `team of "${entry.organization}" with the slug`,
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
    keyIsReadable(entry, look),
  ],
};

function linkStaysInside(entry: Entry<'links'>, look: WorldIndex): Problem | undefined {
  const group = organizationOfGroup(entry.group, look);
  const integration = look.integration(entry.integration)?.organization ?? '';
  if (group === undefined || group === look.organizationId(integration)) {
    return undefined;
  }
  return {
    where: 'integration',
    what: `the integration "${entry.integration}" belongs to another organization than the group`,
  };
}

/** An unknown integration is reported separately. */
function keyIsReadable({ integration, key }: Entry<'links'>, look: WorldIndex) {
  const tracker = look.integration(integration);
  const reading = tracker === undefined ? null : readExternalKey(tracker, key);
  return reading === null || reading.ok
    ? undefined
    : { where: 'key', what: `"${key}" is not a key of the tracker. ${reading.problem}` };
}

function repeats(where: string, names: readonly string[]): Problem | undefined {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : { where, what: `names "${twice}" twice; once is enough` };
}

function substatusFits({ status, substatus }: Entry<'groups'>): Problem | undefined {
  if (substatus === undefined || substatus === null) {
    return undefined;
  }
  const fitting = statusOfSubstatus(substatus);
  if ((status ?? 'unresolved') === fitting) {
    return undefined;
  }
  return { where: 'substatus', what: `"${substatus}" goes with the status "${fitting}" only` };
}
