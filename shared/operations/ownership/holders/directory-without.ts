import { type Actor, sameActor } from '../../../domain/actor.ts';
import type { Organization, UserProfile } from '../../../domain/directory.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { TeamStore } from '../../../stores/directory/teams.ts';
import type { UserStore } from '../../../stores/directory/users.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import type { ExternalActorStore } from '../../../stores/sync/external-actors.ts';

/** All that rules ask the directory while they are evaluated. */
export type DirectoryDeps = {
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly teams: Pick<TeamStore, 'byIds' | 'idsOfSlugs' | 'roster'>;
  readonly users: Pick<UserStore, 'activeAmong' | 'byIds' | 'idsOfLogin' | 'profile'>;
  readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization'>;
};

/**
 * The directory as it would be if somebody had left an organization, or a team of it were deleted:
 * who asks it is answered what it will say then. Under open membership the people of a team may
 * hold its issues without it, and are found by it until its rows are gone; under closed membership
 * they lose the access that they had by it. Nothing is written.
 */
export function directoryWithout(
  deps: DirectoryDeps,
  { id, openMembership }: Pick<Organization, 'id' | 'openMembership'>,
  gone: Actor,
): DirectoryDeps {
  if (gone.type === 'user') {
    return withoutMember(deps, id, gone.id);
  }
  const then = withoutTeam(deps, gone.id);
  return openMembership ? then : withoutAccessBy(then, gone.id);
}

function withoutMember(
  deps: DirectoryDeps,
  organizationId: OrganizationId,
  goneId: string,
): DirectoryDeps {
  const stays = (one: { readonly organizationId: OrganizationId }) =>
    one.organizationId !== organizationId;
  return {
    ...deps,
    organizations: {
      membersAmong: async (id, userIds) => {
        const asked = id === organizationId ? userIds.filter((one) => one !== goneId) : userIds;
        return deps.organizations.membersAmong(id, asked);
      },
    },
    users: {
      ...deps.users,
      profile: async (id) => {
        const profile = await deps.users.profile(id);
        return profile === undefined || id !== goneId
          ? profile
          : {
              ...profile,
              members: profile.members.filter(stays),
              teams: profile.teams.filter(stays),
            };
      },
    },
    teams: {
      ...deps.teams,
      roster: async (id) => {
        const roster = await deps.teams.roster(id);
        return roster === undefined || roster.team.organizationId !== organizationId
          ? roster
          : {
              ...roster,
              memberships: roster.memberships.filter(({ userId }) => userId !== goneId),
            };
      },
    },
  };
}

/** What people and projects have by a team. */
function withoutAccessBy(deps: DirectoryDeps, goneId: string): DirectoryDeps {
  const hasNotGone = (id: string) => id !== goneId;
  const without = (profile: UserProfile): UserProfile => ({
    ...profile,
    teams: profile.teams.filter(({ teamId }) => hasNotGone(teamId)),
  });
  return {
    ...deps,
    users: {
      ...deps.users,
      profile: async (id) => {
        const profile = await deps.users.profile(id);
        return profile && without(profile);
      },
    },
    projects: {
      manyWithTeams: async (...asked) => {
        const found = await deps.projects.manyWithTeams(...asked);
        return new Map(
          [...found].map(([id, project]) => [
            id,
            { ...project, teamIds: project.teamIds.filter(hasNotGone) },
          ]),
        );
      },
    },
  };
}

/** A team that nothing names any more. */
function withoutTeam(deps: DirectoryDeps, goneId: string): DirectoryDeps {
  const hasNotGone = (id: string) => id !== goneId;
  return {
    ...deps,
    teams: {
      byIds: (ids) => deps.teams.byIds(ids.filter(hasNotGone)),
      roster: async (id) => (hasNotGone(id) ? deps.teams.roster(id) : undefined),
      idsOfSlugs: async (organizationId, slugs) => {
        const found = await deps.teams.idsOfSlugs(organizationId, slugs);
        return new Map([...found].filter(([, id]) => hasNotGone(id)));
      },
    },
    externalActors: {
      ofOrganization: async (organizationId) => {
        const found = await deps.externalActors.ofOrganization(organizationId);
        return found.filter(({ actor }) => !sameActor(actor, { type: 'team', id: goneId }));
      },
    },
  };
}
