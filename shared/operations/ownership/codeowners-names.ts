import { type Actor, formatActor } from '../../domain/actor.ts';
import { primaryEmail } from '../../domain/directory.ts';
import {
  type Associate,
  type Association,
  codeownersNameKind,
} from '../../domain/ownership/import-codeowners.ts';
import { ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import { readStandings, type StandingsDeps } from './ownership-people.ts';

export type CodeownersNamesDeps = {
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization'>;
  readonly users: Pick<UserStore, 'byIds'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
};

/** Finds the owners that a name of a CODEOWNERS file may mean, those first who may own in the project. */
type FindOwners = (name: string) => readonly RuleOwner[];

/**
 * Who stands behind the names of a CODEOWNERS file, for evaluations: everybody counts who is known by the name, since who
 * has access is asked again for each event.
 */
export async function associateForEvaluation(
  deps: CodeownersNamesDeps,
  organizationId: string,
  names: readonly string[],
  resolve: ResolveOwner,
): Promise<Associate> {
  const find = await readOwners(deps, organizationId, names, resolve);
  return (name) => {
    const [owner] = find(name);
    return owner === undefined ? { kind: 'missing' } : { kind: 'owner', owner };
  };
}

/** The same for whoever saves the file: they are told which names gave no owner, and why. */
export async function associateForImport(
  deps: CodeownersNamesDeps & StandingsDeps,
  organizationId: string,
  names: readonly string[],
  resolve: ResolveOwner,
): Promise<Associate> {
  const find = await readOwners(deps, organizationId, names, resolve);
  const strangers = names
    .filter((name) => codeownersNameKind(name) === 'email')
    .flatMap((name) => find(name).filter((owner) => resolve(owner) === null));
  const standings = await readStandings(deps, organizationId, strangers);
  return (name): Association => {
    const [owner] = find(name);
    if (owner === undefined || standings.get(ownerText(owner)) === 'unknown')
      return { kind: 'missing' };
    return { kind: resolve(owner) === null ? 'withoutAccess' : 'owner', owner };
  };
}

/** An address is its own owner; other names are those of accounts in the organization's trackers. */
async function readOwners(
  deps: CodeownersNamesDeps,
  organizationId: string,
  names: readonly string[],
  resolve: ResolveOwner,
): Promise<FindOwners> {
  const external = names.filter((name) => codeownersNameKind(name) !== 'email');
  const accounts = await readAccounts(deps, organizationId, external);
  return (name) => {
    if (codeownersNameKind(name) === 'email')
      return [{ type: 'user', identifier: name.toLowerCase() }];
    const type = codeownersNameKind(name) === 'team' ? 'team' : 'user';
    const owners = (accounts.get(comparableName(name)) ?? []).filter((one) => one.type === type);
    const isHere = (owner: RuleOwner) => resolve(owner) !== null;
    return [...owners.filter(isHere), ...owners.filter((owner) => !isHere(owner))];
  };
}

/** Whom accounts stand for, by their comparable names, as rules would call them. Two round trips; none without names. */
async function readAccounts(
  deps: CodeownersNamesDeps,
  organizationId: string,
  names: readonly string[],
): Promise<Map<string, RuleOwner[]>> {
  if (names.length === 0) return new Map();
  const wanted = new Set(names.map(comparableName));
  const all = await deps.externalActors.ofOrganization(organizationId);
  const found = all.filter(({ externalName }) => wanted.has(comparableName(externalName)));
  const called = await readCalls(
    deps,
    found.map(({ actor }) => actor),
  );
  const accounts = new Map<string, RuleOwner[]>();
  for (const { externalName, actor } of found) {
    const owner = called.get(formatActor(actor));
    const name = comparableName(externalName);
    if (owner !== undefined) accounts.set(name, [...(accounts.get(name) ?? []), owner]);
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
    if (email !== undefined)
      called.set(formatActor({ type: 'user', id: user.id }), { type: 'user', identifier: email });
  }
  for (const { id, slug } of teams.values())
    called.set(formatActor({ type: 'team', id }), { type: 'team', identifier: slug });
  return called;
}
