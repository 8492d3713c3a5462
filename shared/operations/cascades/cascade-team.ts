import { sameActor } from '../../domain/actor.ts';
import type { Organization, Team } from '../../domain/directory.ts';
import { toOrganizationEventRecord, toTeamEventRecord } from '../../domain/events.ts';
import type { GroupId, UserId } from '../../domain/ids.ts';
import { deassign } from '../../domain/issues/assignment.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { commitWithRetry } from '../../retry.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { OutboxRecorder } from '../../stores/outbox.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { CascadeTime } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { endOrphaned } from '../ownership/holders/end-orphaned.ts';
import {
  type FindSuccessorsOfDeps,
  findSuccessorsOf,
} from '../ownership/holders/find-successors.ts';
import type { OwnerByRules } from '../ownership/holders/owner-by-rules.ts';
import { changeEvent } from '../sync/external-actors.ts';
import { changeListed } from './change-listed.ts';
import { type ClearOwnerTeamDeps, ownedIssues } from './clear-owner-team.ts';
import { type ListedWork, walkUntilQuiet } from './walk-until-quiet.ts';

export type CascadeTeamDeps = ClearOwnerTeamDeps &
  FindSuccessorsOfDeps & {
    readonly outbox: Pick<OutboxRecorder, 'record'>;
    readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly externalActors: Pick<ExternalActorStore, 'ofOrganization' | 'remove'>;
    readonly directoryRemoval: Pick<
      DirectoryRemovalStore,
      'removeTeamSubscriptions' | 'removeTeamRows' | 'continueLater'
    >;
  };

/** Reviews that one transaction asks for. */
const EVENTS_A_RECORD = 50;
/** What stands for a team in trackers, removed at the same time. */
const WIDTH = 16;

/**
 * Lets go of all that a deleted team held and owned: its issues are unassigned page by page, each
 * as anybody would, by nobody, or given to whom the rules name where the organization's policy says
 * so, and those that it owned have no owning team; then what stands for it in trackers, its
 * subscriptions, its memberships and its places on projects go. Safe to repeat. When the time runs
 * out, the rest is left to another worker.
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
  for await (const userIds of deps.directoryRemoval.removeTeamRows(team.id)) {
    await reviewPeople(deps, organization, userIds, requestId);
  }
}

/** Under closed membership the team's people may have reached projects through it alone. */
async function reviewPeople(
  deps: CascadeTeamDeps,
  { id: organizationId, openMembership }: Organization,
  userIds: readonly UserId[],
  requestId: string,
): Promise<void> {
  const events = userIds.map((id) =>
    toOrganizationEventRecord(
      {
        type: 'assignments.review_requested',
        version: 1,
        data: { holder: { type: 'user', id }, projectId: null, position: null },
      },
      { ...eventContext(deps, systemInitiator(requestId), deps.clock()), organizationId },
    ),
  );
  if (openMembership) {
    return;
  }
  for (let start = 0; start < events.length; start += EVENTS_A_RECORD) {
    await deps.outbox.record(events.slice(start, start + EVENTS_A_RECORD));
  }
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
    change: (groupIds) => unassign(deps, input, groupIds),
  };
  const owned = ownedIssues(deps, { organization, teamId: team.id, projectId: null, requestId });
  return walkUntilQuiet(input, [held, owned]);
}

/** Takes those of these issues from the team that it holds. */
async function unassign(
  deps: CascadeTeamDeps,
  input: TeamUnassignment,
  groupIds: readonly GroupId[],
): Promise<number> {
  const { organization, team, requestId } = input;
  const successors = await successorsOf(deps, input, groupIds);
  const successorOf = (groupId: GroupId) => successors.get(groupId) ?? null;
  return changeListed(deps, groupIds, {
    organization,
    requestId,
    isListed: ({ assignment }) =>
      sameActor(assignment?.assignee ?? null, { type: 'team', id: team.id }),
    usesOf: (groupId) => ({ target: successorOf(groupId)?.assignee.actor ?? null }),
    change: (changes) =>
      organization.orphanPolicy === 'keep'
        ? deassign(changes).changes
        : endOrphaned(changes, successorOf(changes.group.id)),
  });
}

async function successorsOf(
  deps: CascadeTeamDeps,
  { organization, team }: TeamUnassignment,
  groupIds: readonly GroupId[],
): Promise<ReadonlyMap<GroupId, OwnerByRules>> {
  return organization.orphanPolicy === 'reroute'
    ? findSuccessorsOf(deps, { organization, holder: { type: 'team', id: team.id }, groupIds })
    : new Map();
}
