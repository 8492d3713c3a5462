import { type Actor, formatActor } from '../../domain/actor.ts';
import { isId } from '../../domain/digits.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { IssueFilter, People } from '../../domain/issues/issue-filter.ts';
import {
  type ActorTerm,
  type Field,
  type IssueQuery,
  isKnownValue,
} from '../../domain/issues/issue-query.ts';
import { hasWildcard } from '../../domain/issues/wildcard.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import {
  actorOfId,
  actorsCalled,
  type FindActorsDeps,
  teamsOfUser,
} from '../lookup/find-actors.ts';
import { isProjectOf, type KnownProjectDeps } from '../lookup/find-project.ts';
import { whereMerged } from '../lookup/follow-merges.ts';

export type ResolveIssueQueryDeps = FindActorsDeps &
  KnownProjectDeps & { readonly groups: Pick<GroupStore, 'idOfShortId' | 'mergedInto'> };

/** Who looks for issues, and where. `callerUserId` null: there is no `me`. */
export type Searcher = {
  readonly organizationId: OrganizationId;
  readonly callerUserId: string | null;
};

/** A search whose names have been looked up. */
export type ResolvedIssueQuery = {
  readonly filter: IssueFilter;
  /**
   * What stands for nobody or nothing in the organization, a sentence each, in the order of the
   * search.
   */
  readonly unknown: readonly string[];
};

/** Names that are looked up at the same time. */
const WIDTH = 32;

/**
 * Looks up the people, teams and projects that a search names, within its organization. A name that
 * stands for nobody means nobody at all: no issue is theirs, so a list finds nothing for it, and
 * everything for its negation. No round trip without names, else one to three.
 */
export async function resolveIssueQuery(
  deps: ResolveIssueQueryDeps,
  query: IssueQuery,
  searcher: Searcher,
): Promise<ResolvedIssueQuery> {
  const resolved = await mapConcurrently(WIDTH, query.terms, async (term) => {
    if (term.kind === 'assigned') {
      const { people, unknown } = await resolvePeople(deps, term.to, searcher);
      return { term: { ...term, to: people }, unknown };
    }
    if (term.kind === 'bookmarked') {
      const { people, unknown } = await resolvePeople(deps, term.by, searcher);
      return { term: { ...term, by: people }, unknown };
    }
    if (term.kind === 'owned') {
      const { people, unknown } = await resolvePeople(deps, term.by, searcher);
      return { term: { ...term, by: people }, unknown };
    }
    if (term.kind !== 'field') {
      return { term, unknown: [] };
    }
    const { values, unknown } = await resolveValues(deps, term, searcher);
    return { term: { ...term, values }, unknown };
  });
  return {
    filter: { statuses: query.statuses, terms: resolved.map(({ term }) => term) },
    unknown: resolved.flatMap(({ unknown }) => unknown),
  };
}

async function resolvePeople(
  deps: ResolveIssueQueryDeps,
  names: readonly ActorTerm[],
  searcher: Searcher,
): Promise<{ people: People; unknown: string[] }> {
  const found = await mapConcurrently(WIDTH, names, (term) => actorsOf(deps, term, searcher));
  return {
    people: {
      actors: new Set(found.flatMap((actors) => actors ?? []).map(formatActor)),
      orNobody: names.some(({ kind }) => kind === 'nobody'),
    },
    unknown: names
      .filter((_, index) => found[index] === null)
      .map((term) => `Nobody is called ${nameOf(term)} in this organization.`),
  };
}

/**
 * Whom a name means; null where it stands for nobody, which is not the same as a user without
 * teams.
 */
async function actorsOf(
  deps: ResolveIssueQueryDeps,
  term: ActorTerm,
  { organizationId, callerUserId }: Searcher,
): Promise<Actor[] | null> {
  switch (term.kind) {
    case 'nobody':
      return [];
    case 'actor':
      return actorOfId(deps, organizationId, term.actor);
    case 'me':
      return callerUserId === null ? null : [{ type: 'user', id: callerUserId }];
    case 'myTeams':
      return callerUserId === null ? null : teamsOfUser(deps, organizationId, callerUserId);
    case 'team': {
      const id = await deps.teams.idOfSlug(organizationId, term.slug);
      return id === undefined ? null : [{ type: 'team', id }];
    }
    case 'login':
      return actorsCalled(deps, organizationId, term.login);
  }
}

/** The values of a field, with what of them is misspelt. */
async function resolveValues(
  deps: ResolveIssueQueryDeps,
  { field, values }: { readonly field: Field; readonly values: readonly string[] },
  searcher: Searcher,
): Promise<{ values: readonly string[]; unknown: string[] }> {
  return field === 'issue'
    ? { values: await presentNames(deps, values, searcher), unknown: [] }
    : { values, unknown: await unknownValues(deps, field, values, searcher) };
}

/** Names of issues; in the place of one that was merged the id of the one that it went into. */
async function presentNames(
  deps: ResolveIssueQueryDeps,
  names: readonly string[],
  { organizationId }: Searcher,
): Promise<string[]> {
  const ids = await mapConcurrently(WIDTH, names, async (name) => {
    if (isId(name) || hasWildcard(name)) {
      return isId(name) ? name : undefined;
    }
    return deps.groups.idOfShortId(organizationId, name);
  });
  const merged = await whereMerged(
    deps,
    ids.flatMap((id) => id ?? []),
  );
  return names.map((name, index) => merged.get(ids[index] ?? '') ?? name);
}

/** A name as the search spells it. */
function nameOf(term: ActorTerm): string {
  switch (term.kind) {
    case 'me':
      return 'me';
    case 'myTeams':
      return 'my_teams';
    case 'nobody':
      return 'none';
    case 'actor':
      return formatActor(term.actor);
    case 'team':
      return `#${term.slug}`;
    case 'login':
      return term.login;
  }
}

/**
 * What is misspelt is told as people are who stand for nobody: negated it would mean every issue.
 */
async function unknownValues(
  deps: ResolveIssueQueryDeps,
  field: Field,
  values: readonly string[],
  { organizationId }: Searcher,
): Promise<string[]> {
  if (field !== 'project') {
    return values
      .filter((value) => !isKnownValue(field, value))
      .map((value) => `There is no ${field} ${value}.`);
  }
  const isKnown = await mapConcurrently(
    WIDTH,
    values,
    async (value) => hasWildcard(value) || isProjectOf(deps, organizationId, value),
  );
  return values
    .filter((_, index) => !isKnown[index])
    .map((value) => `There is no project ${value} in this organization.`);
}
