import { type Actor, formatActor } from '../../domain/actor.ts';
import { primaryEmail } from '../../domain/directory.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import {
  type Associate,
  type Association,
  codeownersNameKind,
} from '../../domain/ownership/codeowners/import-codeowners.ts';
import { ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import type { ExternalActor } from '../../domain/sync/integration.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import {
  type OwnerAccessDeps,
  type OwnershipPeopleDeps,
  readOwnerAccess,
  readOwnershipPeople,
} from './read-ownership-people.ts';
import { SUGGESTED_NAMES, type SuggestNamesDeps, suggestNames } from './suggest-names.ts';

export type CodeownersNamesDeps = OwnershipPeopleDeps & {
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
};

/** The owners that a name of a CODEOWNERS file may mean, those first who may own in the project. */
type FindOwners = (name: string) => readonly RuleOwner[];

/** Whom the names of CODEOWNERS files mean, and which of them may own in the project. */
export type KnownNames = { readonly associate: Associate; readonly resolve: ResolveOwner };

/**
 * The people behind the names of CODEOWNERS files, for evaluations: everybody counts who is known
 * by the name, since who has access is asked again for each event.
 */
export async function associateForEvaluation(
  deps: CodeownersNamesDeps,
  project: ProjectWithTeams,
  names: readonly string[],
): Promise<Associate> {
  const { find } = await readOwners(deps, project, names);
  return (name) => {
    const [owner] = find(name);
    return owner === undefined ? { kind: 'missing' } : { kind: 'owner', owner };
  };
}

/** The same for whoever saves the files: they are told which names gave no owner, and why. */
export async function associateForImport(
  deps: CodeownersNamesDeps & OwnerAccessDeps & SuggestNamesDeps,
  project: ProjectWithTeams,
  names: readonly string[],
): Promise<KnownNames> {
  const { organizationId } = project.project;
  const { find, resolve, accounts } = await readOwners(deps, project, names);
  const strangers = names
    .filter((name) => codeownersNameKind(name) === 'email')
    .flatMap((name) => find(name).filter((owner) => resolve(owner) === null));
  const access = await readOwnerAccess(deps, organizationId, strangers);
  const isUnknown = (owner: RuleOwner) => access.get(ownerText(owner)) === 'unknown';
  const nearAddress = await suggestNames(deps, organizationId, strangers.filter(isUnknown));
  const missing = names.filter((name) => find(name).length === 0).slice(0, SUGGESTED_NAMES);
  const nearAccounts = new Map(missing.map((name) => [name, nearestAccount(name, accounts)]));
  const associate = (name: string): Association => {
    const [owner] = find(name);
    if (owner === undefined) {
      return { kind: 'missing', suggestion: nearAccounts.get(name) ?? null };
    }
    if (isUnknown(owner)) {
      return { kind: 'missing', suggestion: nearAddress(owner) };
    }
    return { kind: resolve(owner) === null ? 'withoutAccess' : 'owner', owner };
  };
  return { associate, resolve };
}

/** The account in a tracker that a name was meant to be; what has a slash is a team's. */
function nearestAccount(name: string, accounts: readonly ExternalActor[]): string | null {
  const isTeam = codeownersNameKind(name) === 'team';
  const candidates = accounts.flatMap(({ actor, externalName }) =>
    isTeam && actor.type !== 'team' ? [] : [`@${externalName.replace(/^@/, '')}`],
  );
  return nearestName(name, candidates);
}

/**
 * An address is its own owner; other names are those of accounts in the organization's trackers.
 */
async function readOwners(
  deps: CodeownersNamesDeps,
  project: ProjectWithTeams,
  names: readonly string[],
): Promise<{
  readonly find: FindOwners;
  readonly resolve: ResolveOwner;
  readonly accounts: readonly ExternalActor[];
}> {
  const external = names.filter((name) => codeownersNameKind(name) !== 'email');
  const { organizationId } = project.project;
  const accounts =
    external.length === 0 ? [] : await deps.externalActors.ofOrganization(organizationId);
  const called = await readAccounts(deps, accounts, external);
  const ownersOf = (name: string): readonly RuleOwner[] => {
    const kind = codeownersNameKind(name);
    if (kind === 'email') {
      return [{ type: 'user', identifier: name.toLowerCase() }];
    }
    const owners = called.get(comparableName(name)) ?? [];
    const teams = owners.filter(({ type }) => type === 'team');
    // What has no slash is a person of GitHub, or a person or a group of GitLab, where no two share
    // a name.
    return kind === 'team' ? teams : [...owners.filter(({ type }) => type === 'user'), ...teams];
  };
  const resolve = await readOwnershipPeople(deps, project, names.flatMap(ownersOf));
  const isHere = (owner: RuleOwner) => resolve(owner) !== null;
  const find = (name: string) => {
    const owners = ownersOf(name);
    return [...owners.filter(isHere), ...owners.filter((owner) => !isHere(owner))];
  };
  return { find, resolve, accounts };
}

/**
 * Whom accounts stand for, by their comparable names, as rules would call them. One round trip;
 * none without names.
 */
async function readAccounts(
  deps: CodeownersNamesDeps,
  known: readonly ExternalActor[],
  names: readonly string[],
): Promise<Map<string, RuleOwner[]>> {
  if (names.length === 0) {
    return new Map();
  }
  const wanted = new Set(names.map(comparableName));
  const found = known.filter(({ externalName }) => wanted.has(comparableName(externalName)));
  const called = await readCalls(
    deps,
    found.map(({ actor }) => actor),
  );
  const accounts = new Map<string, RuleOwner[]>();
  for (const { externalName, actor } of found) {
    const owner = called.get(formatActor(actor));
    const name = comparableName(externalName);
    if (owner !== undefined) {
      accounts.set(name, [...(accounts.get(name) ?? []), owner]);
    }
  }
  return accounts;
}

/** How rules call these actors, by their text form; who is gone, or has no address, is missing. */
async function readCalls(
  deps: CodeownersNamesDeps,
  actors: readonly Actor[],
): Promise<Map<string, RuleOwner>> {
  const idsOf = (type: Actor['type']) =>
    actors.filter((actor) => actor.type === type).map(({ id }) => id);
  const [users, teams] = await Promise.all([
    deps.users.byIds(idsOf('user')),
    deps.teams.byIds(idsOf('team')),
  ]);
  const called = new Map<string, RuleOwner>();
  for (const user of users.values()) {
    const email = primaryEmail(user)?.toLowerCase();
    if (email !== undefined) {
      called.set(formatActor({ type: 'user', id: user.id }), { type: 'user', identifier: email });
    }
  }
  for (const { id, slug } of teams.values()) {
    called.set(formatActor({ type: 'team', id }), { type: 'team', identifier: slug });
  }
  return called;
}
