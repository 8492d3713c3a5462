import { type Actor, formatActor } from '../../domain/actor.ts';
import type { UserProfile } from '../../domain/directory.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { IssueFilter, People } from '../../domain/issues/issue-filter.ts';
import type { IssueQuery, Whom } from '../../domain/issues/issue-query.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { profilesOfLogin } from '../lookup/find-people.ts';

export type ResolveIssueQueryDeps = {
  readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'>;
  readonly teams: Pick<TeamStore, 'idOfSlug'>;
};

/** No id has more digits; one that has belongs to nobody. */
const longestId = 19;

/** Who looks for issues, and where. `callerUserId` null: there is no `me`. */
export type Searcher = { readonly organizationId: string; readonly callerUserId: string | null };

/**
 * Looks up whom a search names, within its organization. A name that nobody there has means nobody at all: it is found at no
 * issue. No round trip without names, else one or two.
 */
export async function resolveIssueQuery(
  deps: ResolveIssueQueryDeps,
  query: IssueQuery,
  searcher: Searcher,
): Promise<IssueFilter> {
  const terms = await Promise.all(
    query.terms.map(async (term) => {
      if (term.kind === 'assigned') return { ...term, to: await peopleOf(deps, term.to, searcher) };
      if (term.kind === 'bookmarked')
        return { ...term, by: await peopleOf(deps, term.by, searcher) };
      return term;
    }),
  );
  return { statuses: query.statuses, terms };
}

async function peopleOf(
  deps: ResolveIssueQueryDeps,
  names: readonly Whom[],
  searcher: Searcher,
): Promise<People> {
  const actors = await Promise.all(names.map((whom) => actorsOf(deps, whom, searcher)));
  return {
    actors: new Set(actors.flat().map(formatActor)),
    orNobody: names.some(({ kind }) => kind === 'nobody'),
  };
}

async function actorsOf(
  deps: ResolveIssueQueryDeps,
  whom: Whom,
  searcher: Searcher,
): Promise<Actor[]> {
  const { organizationId, callerUserId } = searcher;
  switch (whom.kind) {
    case 'nobody':
      return [];
    case 'actor':
      return whom.actor.id.length > longestId ? [] : [whom.actor];
    case 'me':
      return callerUserId === null ? [] : [{ type: 'user', id: callerUserId }];
    case 'myTeams':
      return callerUserId === null
        ? []
        : teamsOf(await deps.users.profile(callerUserId), organizationId);
    case 'team': {
      const id = await deps.teams.idOfSlug(organizationId, whom.slug);
      return id === undefined ? [] : [{ type: 'team', id }];
    }
    case 'login': {
      const profiles = await profilesOfLogin(deps, whom.login);
      const member = profiles.find((profile) => isOrganizationMember(profile, organizationId));
      return member === undefined ? [] : [{ type: 'user', id: member.user.id }];
    }
  }
}

function teamsOf(profile: UserProfile | undefined, organizationId: string): Actor[] {
  return (profile?.teams ?? [])
    .filter((membership) => membership.isActive && membership.organizationId === organizationId)
    .map(({ teamId }) => ({ type: 'team', id: teamId }));
}
