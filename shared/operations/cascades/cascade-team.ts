import { type Actor, sameActor } from '../../domain/actor.ts';
import type { Organization, Team } from '../../domain/directory.ts';
import { toTeamEventRecord } from '../../domain/events.ts';
import type { GroupId } from '../../domain/ids.ts';
import { deassign } from '../../domain/issues/assignment.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { commitWithRetry } from '../../retry.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { CascadeTime } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { changeGroup } from '../issues/change-group.ts';
import { changeEvent } from '../sync/external-actors.ts';
import { type ClearOwnerTeamDeps, ownedIssues } from './clear-owner-team.ts';
import { type ListedWork, walkUntilQuiet } from './walk-until-quiet.ts';

export type CascadeTeamDeps = ClearOwnerTeamDeps & {
  readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization' | 'remove'>;
  readonly directoryRemoval: Pick<
    DirectoryRemovalStore,
    'removeTeamSubscriptions' | 'removeTeamRows' | 'continueLater'
  >;
};

/** What stands for a team in trackers, removed at the same time. */
const WIDTH = 16;

/**
 * Lets go of all that a deleted team held and owned: its issues are unassigned page by page, each
 * as anybody would, by nobody, and those that it owned have no owning team; then what stands for it
 * in trackers, its subscriptions, its memberships and its places on projects go. Safe to repeat.
 * When the time runs out, the rest is left to another worker.
 */
export async function cascadeTeam(
  deps: CascadeTeamDeps,
  input: CascadeTime & { readonly team: Team; readonly requestId: string },
): Promise<void> {
  const { team, requestId } = input;
  const organization = await deps.organizations.byId(team.organizationId);
  if (organization === undefined) {
    return;
  }
  if (!(await letGo(deps, { ...input, organization }))) {
    const { id: teamId, organizationId, slug, name, dateCreated } = team;
    await deps.directoryRemoval.continueLater(
      toTeamEventRecord(
        { type: 'team.deleted', version: 1, data: { slug, name, dateCreated } },
        {
          ...eventContext(deps, systemInitiator(requestId), deps.clock()),
          organizationId,
          teamId,
        },
      ),
    );
    return;
  }
  await removeExternalTeams(deps, input);
  await deps.directoryRemoval.removeTeamSubscriptions(organization.id, team.id);
  await deps.directoryRemoval.removeTeamRows(team.id);
}

/** What stood for the team in trackers stands for nobody any more. */
async function removeExternalTeams(
  deps: CascadeTeamDeps,
  { team, requestId }: { readonly team: Team; readonly requestId: string },
): Promise<void> {
  const all = await deps.externalActors.ofOrganization(team.organizationId);
  const ofTeam = all.filter(({ actor }) => sameActor(actor, { type: 'team', id: team.id }));
  const scope = {
    organizationId: team.organizationId,
    type: 'team',
    initiator: systemInitiator(requestId),
  } as const;
  await mapConcurrently(WIDTH, ofTeam, (external) =>
    commitWithRetry(() => deps.externalActors.remove(external, changeEvent(deps, scope))),
  );
}

type TeamUnassignment = CascadeTime & {
  readonly organization: Organization;
  readonly team: Team;
  readonly requestId: string;
};

/** What the team holds, and what it owns, lets go of it: answers whether the time sufficed. */
function letGo(deps: CascadeTeamDeps, input: TeamUnassignment): Promise<boolean> {
  const { organization, team, requestId } = input;
  const held: ListedWork = {
    page: (after, limit) =>
      deps.assignments.groupsAssignedTo({
        organizationId: organization.id,
        actor: { type: 'team', id: team.id },
        limit,
        ...(after === undefined ? {} : { after }),
      }),
    change: (groupId) => unassign(deps, groupId, input),
  };
  const owned = ownedIssues(deps, { organization, teamId: team.id, projectId: null, requestId });
  return walkUntilQuiet(input, [held, owned]);
}

/**
 * Answers whether the issue was the team's, or could not be decided on yet. The list may lag behind
 * the issue itself.
 */
async function unassign(
  deps: CascadeTeamDeps,
  groupId: GroupId,
  { organization, team, requestId }: TeamUnassignment,
): Promise<boolean> {
  const holder: Actor = { type: 'team', id: team.id };
  let wasHeld = false;
  const outcome = await changeGroup(
    deps,
    { groupId, organization, uses: { target: null }, initiator: systemInitiator(requestId) },
    (facts, now) => {
      const changes = startChanges(facts, { now, actingUserId: null });
      wasHeld = sameActor(facts.assignment?.assignee ?? null, holder);
      return wasHeld ? deassign(changes).changes : changes;
    },
  );
  return outcome.kind === 'conflict' || (outcome.kind === 'committed' && wasHeld);
}
