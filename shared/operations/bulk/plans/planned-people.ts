import type { ActorField, ActorInput } from '../../../domain/actor.ts';
import type { PlannedUpdate } from '../../../domain/bulk/plan.ts';
import type { Organization } from '../../../domain/directory.ts';
import { notFound } from '../../../domain/errors.ts';
import type { OrganizationId, ProjectId } from '../../../domain/ids.ts';
import { type Candidate, requireAssignable } from '../../../domain/issues/assignable.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import type { RequestedUpdate } from '../../issues/update-groups.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../../lookup/find-candidate.ts';

export type PlannedPeopleDeps = FindCandidateDeps & {
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
};

/** Projects read at the same time. */
const TOGETHER = 100;

type PlannedAssignment = NonNullable<PlannedUpdate['assignedTo']>;

/** Somebody whom an update names, and where. */
type Named = { readonly field: ActorField; readonly candidate: Candidate };

/** An update with whom it names as the organization knows them. */
export type ResolvedUpdate = {
  readonly update: PlannedUpdate;
  readonly organization: Organization;
  readonly named: readonly Named[];
};

/**
 * Reads whom an update names. Throws `request.invalid` on the field for whom the organization does
 * not know. Three round trips.
 */
export async function resolvePeople(
  deps: PlannedPeopleDeps,
  organizationId: OrganizationId,
  { assignedTo, ownerTeam, status }: RequestedUpdate,
): Promise<ResolvedUpdate> {
  const [organization, assignee, owner] = await Promise.all([
    deps.organizations.byId(organizationId),
    assignedTo && candidateOf(deps, organizationId, 'assignedTo', assignedTo.actor),
    ownerTeam && candidateOf(deps, organizationId, 'ownerTeam', ownerTeam),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  const actorOf = (named: Named | null) =>
    named && requireAssignable(named.candidate, organization, [], named).actor;
  const update = {
    ...(assignee !== undefined && {
      assignedTo: { assignee: actorOf(assignee), ...leaseOf(assignedTo) },
    }),
    ...(owner !== undefined && { ownerTeam: actorOf(owner) }),
    ...(status !== undefined && { status }),
  };
  return { update, organization, named: [assignee, owner].flatMap((one) => one ?? []) };
}

function leaseOf({ expiresIn }: Pick<PlannedAssignment, 'expiresIn'> = {}) {
  return expiresIn === undefined ? {} : { expiresIn };
}

async function candidateOf(
  deps: PlannedPeopleDeps,
  organizationId: OrganizationId,
  field: ActorField,
  input: ActorInput,
): Promise<Named | null> {
  const found = await findCandidate(deps, input);
  return found && { field, candidate: await completeCandidate(deps, found, organizationId, field) };
}

/** Whether an update names somebody whom some projects of the organization may not admit. */
export function namesMembers({ organization, named }: ResolvedUpdate): boolean {
  return named.length > 0 && !organization.openMembership;
}

/**
 * Throws `request.invalid` where one of these projects does not admit whom the update names; it
 * counts and names all of them. One round trip for 100 projects.
 */
export async function requireAdmitted(
  deps: PlannedPeopleDeps,
  resolved: ResolvedUpdate,
  projectIds: ReadonlySet<ProjectId>,
): Promise<void> {
  if (!namesMembers(resolved)) {
    return;
  }
  const { organization, named } = resolved;
  const ids = [...projectIds];
  const projects: ProjectWithTeams[] = [];
  for (let start = 0; start < ids.length; start += TOGETHER) {
    const found = await deps.projects.manyWithTeams(ids.slice(start, start + TOGETHER));
    projects.push(...found.values());
  }
  for (const { candidate, field } of named) {
    requireAssignable(candidate, organization, projects, { field, namesProjects: true });
  }
}
