import type { UserProfile } from '../directory.ts';
import type { OrganizationId, ProjectId, TeamId } from '../ids.ts';

export const projectStatuses = ['active', 'pending_deletion', 'deletion_in_progress'] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

export type Project = {
  readonly id: ProjectId;
  readonly organizationId: OrganizationId;
  readonly slug: string;
  readonly name: string;
  readonly platform: string | null;
  readonly status: ProjectStatus;
  readonly dateCreated: string;
  /** When the project first received an event; null until then. */
  readonly firstEvent: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** The number that the last short id of the project carries. */
  readonly shortIdCounter: number;
  /** Rises by one with each `project.*` event. */
  readonly version: number;
};

/** A project and the teams that are on it, as one read gives them. */
export type ProjectWithTeams = {
  readonly project: Project;
  readonly teamIds: readonly TeamId[];
};

/**
 * Whether a user is in the project's member set: an active user, a member of the organization, with
 * an active membership in at least one of the project's teams.
 */
export function isProjectMember(profile: UserProfile, project: ProjectWithTeams): boolean {
  const organizationId = project.project.organizationId;
  return (
    profile.user.isActive &&
    profile.members.some((member) => member.organizationId === organizationId) &&
    profile.teams.some(
      (membership) =>
        membership.organizationId === organizationId &&
        membership.isActive &&
        project.teamIds.includes(membership.teamId),
    )
  );
}
