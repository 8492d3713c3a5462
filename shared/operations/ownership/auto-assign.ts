import { type Actor, sameActor } from '../../domain/actor.ts';
import { displayName, type Organization, primaryEmail } from '../../domain/directory.ts';
import { changedMeanwhile } from '../../domain/errors.ts';
import type { GroupId, TeamId } from '../../domain/ids.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { Assignee, Assignment, EndReason } from '../../domain/issues/assignee.ts';
import { assign } from '../../domain/issues/assignment.ts';
import { type GroupChanges, record, startChanges } from '../../domain/issues/group-changes.ts';
import { ownerTeamByRules } from '../../domain/issues/owner-team.ts';
import {
  type AutoAssignmentVerdict,
  decideAutoAssignment,
  type GroupOwner,
} from '../../domain/ownership/auto-assignment.ts';
import type { AutoAssignment as AutoAssignmentSettings } from '../../domain/ownership/settings.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import type { Log } from '../deps.ts';
import { readTeamPeople, type TeamPeopleDeps } from '../directory/team-people.ts';
import { systemInitiator } from '../event-context.ts';
import { type ChangeGroupDeps, changeGroup } from '../issues/change-group.ts';
import { type AssignedVersions, toGroupOwner } from './evaluate-owners.ts';

export type FindAutoAssigneeDeps = TeamPeopleDeps & {
  readonly users: Pick<UserStore, 'profile'>;
};

export type AutoAssignDeps = ChangeGroupDeps &
  FindAutoAssigneeDeps & {
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
    readonly log: Log;
  };

/** How a group is assigned to an owner of its own. */
export type AutoAssignment = Extract<AutoAssignmentVerdict, { verdict: 'assign' }>;

type Decision = ReturnType<typeof decideAutoAssignment>;

/**
 * Lets a group assign itself to the first of its owners that the project's setting allows. It never
 * replaces an assignee, and what a person decided stays: that is asked again of the rows as they
 * are when the assignment commits, with the team that owns it by rules. Answers the assignment's
 * versions before and after; null for a group that is gone. Throws where others keep changing it.
 */
export async function autoAssign(
  deps: AutoAssignDeps,
  input: {
    readonly groupId: GroupId;
    readonly organization: Organization;
    readonly settings: AutoAssignmentSettings;
    readonly requestId: string;
    /** The team that owns it by rules, null for none; absent where they were not evaluated. */
    readonly ownerTeam?: TeamId | null;
  },
): Promise<AssignedVersions | null> {
  const { groupId, organization, settings, ownerTeam } = input;
  const owners = (await deps.owners.ofGroup(groupId)).map(toGroupOwner);
  const candidate = await findAutoAssignee(deps, organization, settings, owners);
  let verdict: AutoAssignmentVerdict = { verdict: 'stop', reason: 'noCandidate' };
  const initiator = systemInitiator(input.requestId);
  const uses = candidate === null ? {} : { target: candidate.actor };
  const change = { groupId, organization, initiator, uses };
  const outcome = await changeGroup(deps, change, (facts, now) => {
    const started = startChanges(facts, { now, actingUserId: null });
    const changes = ownerTeam === undefined ? started : ownerTeamByRules(started, ownerTeam);
    ({ verdict } = decide(settings, owners, candidate, facts.assignment));
    return candidate !== null && verdict.verdict === 'assign'
      ? assignAs(changes, candidate, verdict)
      : changes;
  });
  if (outcome.kind === 'conflict') {
    throw changedMeanwhile();
  }
  if (verdict.verdict === 'stop' && verdict.reason === 'ownerGone') {
    deps.log.warn('The owner of an issue is gone; it was not assigned.', { groupId });
  }
  return outcome.kind === 'committed' ? versionsOf(outcome.changes) : null;
}

function versionsOf({ facts, assignment }: GroupChanges): AssignedVersions {
  return { before: facts.assignment?.version ?? 0, after: assignment?.version ?? 0 };
}

/**
 * The owner that auto-assignment would choose first, as somebody to assign; null where nobody is,
 * or where they are gone. One round trip, two for a team.
 */
export async function findAutoAssignee(
  deps: FindAutoAssigneeDeps,
  organization: Organization,
  settings: AutoAssignmentSettings,
  owners: readonly GroupOwner[],
): Promise<Assignee | null> {
  const { verdict } = decideAutoAssignment({
    settings,
    owners,
    exists: () => true,
    latestAssignment: null,
    assignee: null,
  });
  return verdict.verdict === 'assign' ? readAssignee(deps, organization, verdict.actor) : null;
}

/** Whether a group assigns itself to the candidate, given how it was assigned before. */
export function decide(
  settings: AutoAssignmentSettings,
  owners: readonly GroupOwner[],
  candidate: Assignee | null,
  assignment: Assignment | null,
): Decision {
  return decideAutoAssignment({
    settings,
    owners,
    exists: (actor) => sameActor(actor, candidate?.actor ?? null),
    latestAssignment: latestOf(assignment),
    assignee: assignment?.assignee ?? null,
  });
}

/** The row remembers of the latest assignment whether a person made it on the site. */
function latestOf(assignment: Assignment | null): { integration: string | null } | null {
  const manually = assignment?.lastAssignedManually ?? null;
  if (manually === null) {
    return null;
  }
  return { integration: manually ? null : (assignment?.source ?? 'an integration') };
}

/**
 * Assigns the group of the changes to an owner of its own. With `reason` it takes the place of an
 * assignment that ended for it.
 */
export function assignAs(
  changes: GroupChanges,
  candidate: Assignee,
  { reason, ...how }: AutoAssignment & { readonly reason?: EndReason },
): GroupChanges {
  const assigned = assign(changes, candidate, {
    createOnly: how.createOnly && reason === undefined,
    force: how.forceAutoassign || reason !== undefined,
    extra: how.extra,
    reason,
    source: 'auto',
  });
  if (!assigned.newAssignment && !assigned.updatedAssignment) {
    return assigned.changes;
  }
  const { group, assignment } = assigned.changes;
  return record(assigned.changes, {
    event: {
      type: how.analytics,
      version: assignment?.version ?? 0,
      data: {
        organization_id: Number(group.organizationId),
        project_id: Number(group.projectId),
        group_id: Number(group.id),
        updated_assignment: assigned.updatedAssignment,
      },
    },
  });
}

/** An actor as somebody to assign; null where they are gone. One round trip, two for a team. */
export async function readAssignee(
  deps: FindAutoAssigneeDeps,
  organization: Organization,
  actor: Actor,
): Promise<Assignee | null> {
  if (actor.type === 'user') {
    const profile = await deps.users.profile(actor.id);
    if (!isOrganizationMember(profile, organization.id)) {
      return null;
    }
    const { user } = profile;
    return { actor, email: primaryEmail(user), name: displayName(user), members: [] };
  }
  const people = await readTeamPeople(deps, actor.id);
  if (people?.team.organizationId !== organization.id) {
    return null;
  }
  return { actor, email: null, name: people.team.slug, members: people.userIds };
}
