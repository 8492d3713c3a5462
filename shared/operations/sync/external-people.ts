import { type UserProfile, verifiedAddresses } from '../../domain/directory.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { UserId } from '../../domain/ids.ts';
import { type Candidate as Assignable, decideAssignable } from '../../domain/issues/assignable.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import type { Candidate } from '../../domain/sync/inbound.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { Tracker } from '../../trackers/tracker.ts';
import type { Clock } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { profilesOfLogin } from '../lookup/find-people.ts';
import { type LinkFacts, versionOf } from './link-facts.ts';

export type SyncPeopleDeps = {
  readonly externalActors: Pick<
    ExternalActorStore,
    'ofActor' | 'ofAccountId' | 'ofAccountName' | 'insert'
  >;
  readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'>;
  readonly projects: Pick<ProjectStore, 'withTeams'>;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly clock: Clock;
};

/**
 * An external assignee, and the user here that they stand for as somebody whom the group can be
 * given to.
 */
export type KnownCandidate = Candidate & { readonly assignee: Assignee | null };

/** The addresses of one user that a tracker is asked about; each costs it a search. */
const ADDRESSES_TRIED = 3;

/**
 * The account that stands for the group's assignee in the tracker: the one that somebody named,
 * else the one that shows a verified address of theirs, which is then remembered (but for a dry
 * run). Null for nobody, for a team, for somebody who may not hold the issue, and where there is
 * none. A search that found nobody is not repeated for the same assignment, nor is there one for a
 * direction that is off.
 */
export async function accountOf(
  deps: SyncPeopleDeps,
  facts: LinkFacts,
  tracker: Tracker,
  { remember = true } = {},
): Promise<TrackerReply<ExternalPerson | null>> {
  const { row, link, integration, config } = facts;
  const assignee = row.assignment?.assignee ?? null;
  if (!config.forwardAssignment || assignee === null || assignee.type === 'team') {
    return { ok: true, value: null };
  }
  const [[named], mayHold] = await Promise.all([
    deps.externalActors.ofActor(integration.id, assignee),
    mayBeAssigned(deps, facts, assignee.id),
  ]);
  if (!mayHold) {
    return { ok: true, value: null };
  }
  if (named !== undefined) {
    const { externalId, externalName } = named;
    return { ok: true, value: { externalId, externalName } };
  }
  if (link.status === 'unmapped' && versionOf(facts) <= link.syncedVersion) {
    return { ok: true, value: null };
  }
  const found = await searchAccount(deps, tracker, assignee.id, link.externalKey);
  if (found.ok && found.value !== null && remember) {
    await rememberAccount(deps, facts, assignee, found.value);
  }
  return found;
}

async function mayBeAssigned(
  deps: SyncPeopleDeps,
  { row, organization }: LinkFacts,
  userId: UserId,
): Promise<boolean> {
  const [project, profile] = await Promise.all([
    deps.projects.withTeams(row.group.projectId),
    deps.users.profile(userId),
  ]);
  return (
    project !== undefined && assignable({ type: 'user', profile }, organization, project) !== null
  );
}

/** The account that shows one of the first three verified addresses of a user. */
async function searchAccount(
  deps: SyncPeopleDeps,
  tracker: Tracker,
  userId: UserId,
  issueKey: string,
): Promise<TrackerReply<ExternalPerson | null>> {
  const profile = await deps.users.profile(userId);
  const addresses = profile === undefined ? [] : verifiedAddresses(profile.user);
  for (const value of addresses.slice(0, ADDRESSES_TRIED)) {
    const reply = await tracker.findUser({ by: 'email', value, issueKey });
    if (!reply.ok) {
      return reply;
    }
    if (reply.value !== null) {
      const { externalId, externalName } = reply.value;
      return { ok: true, value: { externalId, externalName } };
    }
  }
  return { ok: true, value: null };
}

async function rememberAccount(
  deps: SyncPeopleDeps,
  { link, integration }: LinkFacts,
  { type, id }: Assignee['actor'],
  { externalId, externalName }: ExternalPerson,
): Promise<void> {
  const { id: integrationId, organizationId, provider } = integration;
  await deps.externalActors.insert(
    {
      id: deps.newId(),
      organizationId,
      integrationId,
      provider,
      actor: { type, id },
      externalId,
      externalName,
      knownBy: 'email',
    },
    toOrganizationEventRecord(namesChanged(['external_users']), {
      ...eventContext(deps, systemInitiator(`sync-${link.id}`), deps.clock()),
      organizationId,
    }),
  );
}

/**
 * The user whom each external assignee stands for: by the account's stable id, then by its name
 * where names are unique, then by an address that is verified here. Only who may hold the group
 * counts.
 */
export async function candidatesFor(
  deps: SyncPeopleDeps,
  facts: LinkFacts,
  people: readonly ExternalPerson[],
): Promise<KnownCandidate[]> {
  if (people.length === 0) {
    return [];
  }
  const project = await deps.projects.withTeams(facts.row.group.projectId);
  return Promise.all(
    people.map(async (person): Promise<KnownCandidate> => {
      const userIds = await userIdsOf(deps, facts, person);
      const profiles = await Promise.all(userIds.map(deps.users.profile));
      const assignee = firstAssignable(profiles, facts, project);
      return { person, assignee, userId: assignee?.actor.id ?? null };
    }),
  );
}

async function userIdsOf(
  deps: SyncPeopleDeps,
  { integration, traits }: LinkFacts,
  person: ExternalPerson,
): Promise<string[]> {
  const [byId, byName] = await Promise.all([
    deps.externalActors.ofAccountId(integration.id, person.externalId),
    traits.uniqueNames
      ? deps.externalActors.ofAccountName(integration.id, person.externalName)
      : [],
  ]);
  const named = [...byId, ...byName].filter(({ actor }) => actor.type === 'user');
  if (named.length > 0) {
    return [...new Set(named.map(({ actor }) => actor.id))];
  }
  const email = person.email?.trim().toLowerCase() ?? '';
  if (email === '') {
    return [];
  }
  const profiles = await profilesOfLogin(deps, email);
  return profiles.flatMap(({ user }) => (verifiedAddresses(user).includes(email) ? [user.id] : []));
}

function firstAssignable(
  profiles: readonly (UserProfile | undefined)[],
  { organization }: LinkFacts,
  project: ProjectWithTeams | undefined,
): Assignee | null {
  if (project === undefined) {
    return null;
  }
  for (const profile of profiles) {
    const assignee = assignable({ type: 'user', profile }, organization, project);
    if (assignee !== null) {
      return assignee;
    }
  }
  return null;
}

function assignable(
  candidate: Assignable,
  organization: LinkFacts['organization'],
  project: ProjectWithTeams,
): Assignee | null {
  const verdict = decideAssignable(candidate, organization, [project]);
  return verdict.ok ? verdict.assignee : null;
}
