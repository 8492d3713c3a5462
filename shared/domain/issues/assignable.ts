import {
  activeMembers,
  displayName,
  type Organization,
  primaryEmail,
  type TeamRoster,
  type UserProfile,
} from '../directory.ts';
import { invalidFields } from '../errors.ts';
import { isProjectMember, type ProjectWithTeams } from '../projects/project.ts';
import type { Assignee } from './assignment.ts';

/**
 * The user or team that a caller wants to assign, as read from the directory; undefined for an
 * unknown id.
 */
export type Candidate =
  | { readonly type: 'user'; readonly profile: UserProfile | undefined }
  | {
      readonly type: 'team';
      readonly roster: TeamRoster | undefined;
      /** The ids of the roster's users whose account is active. */
      readonly activeAccounts: ReadonlySet<string>;
    };

/** The candidate as an assignee, or a sentence that says why the candidate cannot be assigned. */
export type AssignableVerdict =
  | { readonly ok: true; readonly assignee: Assignee }
  | { readonly ok: false; readonly refusal: string };

/**
 * Decides whether a candidate may be assigned to groups of these projects, which all belong to the
 * organization. A candidate of another organization gets the same refusal as one that does not
 * exist. With open membership, belonging to the organization is enough. Otherwise a user must be on
 * a team of every project, and a team must be on every project.
 */
export function decideAssignable(
  candidate: Candidate,
  organization: Organization,
  projects: readonly ProjectWithTeams[],
): AssignableVerdict {
  return candidate.type === 'user'
    ? decideUser(candidate.profile, organization, projects)
    : decideTeam(candidate, organization, projects);
}

/** The candidate as an assignee, by the rule of `decideAssignable`. */
export function requireAssignable(
  candidate: Candidate,
  organization: Organization,
  projects: readonly ProjectWithTeams[],
): Assignee {
  const verdict = decideAssignable(candidate, organization, projects);
  if (!verdict.ok) {
    throw invalidFields({ assignedTo: [verdict.refusal] });
  }
  return verdict.assignee;
}

/** Whether a user is active and a member of an organization. */
export function isOrganizationMember(
  profile: UserProfile | undefined,
  organizationId: string,
): profile is UserProfile {
  return (
    profile?.user.isActive === true &&
    profile.members.some((member) => member.organizationId === organizationId)
  );
}

/** Whether a user is or was a member of an organization, with an active account or not. */
export function everBelongedTo(
  profile: UserProfile | undefined,
  organizationId: string,
): profile is UserProfile {
  return (
    profile !== undefined &&
    (profile.leftOrganizationIds.includes(organizationId) ||
      profile.members.some((member) => member.organizationId === organizationId))
  );
}

function decideUser(
  profile: UserProfile | undefined,
  organization: Organization,
  projects: readonly ProjectWithTeams[],
): AssignableVerdict {
  if (!isOrganizationMember(profile, organization.id)) {
    return refused('User is not a member of this organization');
  }
  if (
    !organization.openMembership &&
    !projects.every((project) => isProjectMember(profile, project))
  ) {
    return refused('Cannot assign to non-team member');
  }
  return {
    ok: true,
    assignee: {
      actor: { type: 'user', id: profile.user.id },
      email: primaryEmail(profile.user),
      name: displayName(profile.user),
      members: [],
    },
  };
}

function decideTeam(
  { roster, activeAccounts }: Extract<Candidate, { type: 'team' }>,
  organization: Organization,
  projects: readonly ProjectWithTeams[],
): AssignableVerdict {
  if (roster?.team.organizationId !== organization.id) {
    return refused('Team is not a member of this organization');
  }
  const { team } = roster;
  if (!organization.openMembership && !projects.every(({ teamIds }) => teamIds.includes(team.id))) {
    return refused('Cannot assign to a team without access to the project');
  }
  return {
    ok: true,
    assignee: {
      actor: { type: 'team', id: team.id },
      email: null,
      name: team.slug,
      members: activeMembers(roster, activeAccounts),
    },
  };
}

function refused(refusal: string): AssignableVerdict {
  return { ok: false, refusal };
}
