import type { Organization } from '../../domain/directory.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId, TeamId } from '../../domain/ids.ts';
import { endOwnerTeam } from '../../domain/issues/owner-team.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { OwnerTeamStore } from '../../stores/issues/owner-teams.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { CascadeTime } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import type { ChangeGroupDeps } from '../issues/change-group.ts';
import { changeListed } from './change-listed.ts';
import { type ListedWork, walkUntilQuiet } from './walk-until-quiet.ts';

export type ClearOwnerTeamDeps = ChangeGroupDeps & {
  readonly ownerTeams: Pick<OwnerTeamStore, 'groupsOwnedBy'>;
};

export type LeaveProjectDeps = ClearOwnerTeamDeps & {
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly projects: Pick<ProjectStore, 'withTeams'>;
  readonly directoryRemoval: Pick<DirectoryRemovalStore, 'continueLater'>;
};

/** The issues that a team owns, in one project or in all; each of them forgets it. */
export function ownedIssues(
  deps: ClearOwnerTeamDeps,
  input: {
    readonly organization: Organization;
    readonly teamId: TeamId;
    readonly projectId: ProjectId | null;
    readonly requestId: string;
  },
): ListedWork {
  const { organization, teamId, projectId, requestId } = input;
  return {
    page: (after, limit) =>
      deps.ownerTeams.groupsOwnedBy({
        organizationId: organization.id,
        teamId,
        projectId,
        limit,
        after,
      }),
    change: (groupIds) =>
      changeListed(deps, groupIds, {
        organization,
        requestId,
        isListed: ({ group }) => group.ownerTeam?.teamId === teamId,
        usesOf: () => ({}),
        change: (changes) => endOwnerTeam(changes, teamId),
      }),
  };
}

/**
 * A team that has left a project owns none of its issues any more, unless it is there again by now.
 * Safe to repeat. When the time runs out, the rest is left to another worker.
 */
export async function leaveProject(
  deps: LeaveProjectDeps,
  input: CascadeTime & {
    readonly organizationId: OrganizationId;
    readonly projectId: ProjectId;
    readonly teamId: TeamId;
    /** That of the event, for the one that follows it. */
    readonly version: number;
    readonly requestId: string;
  },
): Promise<void> {
  const { organizationId, projectId, teamId, requestId, version } = input;
  const [organization, project] = await Promise.all([
    deps.organizations.byId(organizationId),
    deps.projects.withTeams(projectId),
  ]);
  const isThereAgain = project?.teamIds.includes(teamId) ?? true;
  if (organization === undefined || isThereAgain) {
    return;
  }
  const list = ownedIssues(deps, { organization, teamId, projectId, requestId });
  if (await walkUntilQuiet(input, [list])) {
    return;
  }
  await deps.directoryRemoval.continueLater(
    toEventRecord(
      { type: 'project.team_removed', version, data: { teamId } },
      {
        ...eventContext(deps, systemInitiator(requestId), deps.clock()),
        organizationId,
        projectId,
      },
    ),
  );
}
