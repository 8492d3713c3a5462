import type { ActorField } from '../actor.ts';
import {
  activeMembers,
  displayName,
  type Organization,
  primaryEmail,
  type TeamRoster,
  type UserProfile,
} from '../directory.ts';
import { invalidFields } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';
import { isProjectMember, type ProjectWithTeams } from '../projects/project.ts';
import type { Assignee } from './assignee.ts';

/**
 * Whom a caller wants to assign, as the directory knows them; undefined where it knows nobody of
 * that id.
 */
export type Candidate =
  | { readonly type: 'user'; readonly profile: UserProfile | undefined }
  | {
      readonly type: 'team';
      readonly roster: TeamRoster | undefined;
      /** Those of the roster's users who have an active account. */
      readonly activeAccounts: ReadonlySet<string>;
    };

/** Who may be assigned, as an assignee; or in a sentence why they may not. */
export type AssignableVerdict =
  | { readonly ok: true; readonly assignee: Assignee }
  | {
      readonly ok: false;
      readonly refusal: string;
      /** The projects that do not admit them; empty where the organization does not know them. */
      readonly refusedBy: readonly ProjectWithTeams[];
    };

/**
 * Whether the candidate may be assigned to groups of these projects, the organization being the
 * projects'. Someone of another organization is refused like someone who does not exist. Under open
 * membership belonging to the organization is enough; else a user must be on a team of every
 * project, and a team on every project.
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

/** How a refusal is said. */
type RefusalOptions = {
  readonly field?: ActorField;
  /** Whether the projects that do not admit somebody are counted and named. */
  readonly namesProjects?: boolean;
};

/** The candidate as an assignee, by the same rule. Throws `request.invalid` on the field. */
export function requireAssignable(
  candidate: Candidate,
  organization: Organization,
  projects: readonly ProjectWithTeams[],
  { field = 'assignedTo', namesProjects = false }: RefusalOptions = {},
): Assignee {
  const verdict = decideAssignable(candidate, organization, projects);
  if (!verdict.ok) {
    const { refusal, refusedBy } = verdict;
    const where = namesProjects && refusedBy.length > 0 ? whereRefused(refusedBy) : '';
    throw invalidFields({ [field]: [`${refusal}${where}`] });
  }
  return verdict.assignee;
}

/** More projects are counted and not named. */
const PROJECTS_NAMED = 10;

function whereRefused(projects: readonly ProjectWithTeams[]): string {
  const slugs = projects.map(({ project }) => project.slug).toSorted();
  const named = slugs.slice(0, PROJECTS_NAMED).join(', ');
  const others = slugs.length > PROJECTS_NAMED ? ', ...' : '';
  return ` in ${slugs.length} ${slugs.length === 1 ? 'project' : 'projects'}: ${named}${others}`;
}

/** Whether a user is an active one and belongs to an organization. */
export function isOrganizationMember(
  profile: UserProfile | undefined,
  organizationId: OrganizationId,
): profile is UserProfile {
  return (
    profile?.user.isActive === true &&
    profile.members.some((member) => member.organizationId === organizationId)
  );
}

/** Whether a user belongs to an organization or once did, whatever became of their account. */
export function everBelongedTo(
  profile: UserProfile | undefined,
  organizationId: OrganizationId,
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
  const closed = organization.openMembership ? [] : projects;
  const refusedBy = closed.filter((project) => !isProjectMember(profile, project));
  if (refusedBy.length > 0) {
    return refused('Cannot assign to non-team member', refusedBy);
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
  const closed = organization.openMembership ? [] : projects;
  const refusedBy = closed.filter(({ teamIds }) => !teamIds.includes(team.id));
  if (refusedBy.length > 0) {
    return refused('Cannot assign to a team without access to the project', refusedBy);
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

function refused(refusal: string, refusedBy: readonly ProjectWithTeams[] = []): AssignableVerdict {
  return { ok: false, refusal, refusedBy };
}
