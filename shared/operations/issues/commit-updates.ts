import type { Organization, UserProfile } from '../../domain/directory.ts';
import type { Precondition } from '../../domain/editable-state.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import type { FollowersUse } from '../../domain/issues/followers.ts';
import {
  changesRows,
  type GroupChanges,
  type GroupFacts,
} from '../../domain/issues/group-changes.ts';
import { decideGroupUpdate, type GroupUpdate } from '../../domain/issues/group-update.ts';
import { isProjectMember, type ProjectWithTeams } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { AssignedGroupRow } from '../../stores/issues/groups.ts';
import type { BulkRecord } from '../bulk/bulk-record.ts';
import { type Initiator, partOf } from '../event-context.ts';
import {
  type ChangeGroupDeps,
  type ChangeOutcome,
  changeGroup,
  completeFacts,
} from './change-group.ts';
import type { CommittedIssue } from './committed-issue.ts';
import { type ForgetOwnersDeps, forgetOwners } from './forget-owners.ts';
import { type OwnFlagsDeps, stateRequirement } from './require-issue-state.ts';

export type CommitUpdatesDeps = ChangeGroupDeps &
  OwnFlagsDeps &
  ForgetOwnersDeps & {
    /** The id of a new public link. */
    readonly newShareId: () => string;
  };

export type UpdateGroupsOutcome = {
  /** How many groups were there to be changed. */
  readonly matched: number;
  /**
   * The groups that are as the request wants them, in its order; empty where none of them is there.
   */
  readonly updated: readonly string[];
  /** Those of them that were not so before. */
  readonly changed: readonly string[];
  /** The groups that others kept changing: nothing was done to them. */
  readonly conflicting: readonly string[];
  /** The same groups as the update left them. */
  readonly issues: readonly CommittedIssue[];
  /** Who holds the groups now; absent where that was not asked. */
  readonly assignedTo?: Assignee | null;
  /** Which team owns them now; absent where that was not asked. */
  readonly ownerTeam?: Assignee | null;
  /** The details of the status that was set; absent where none was. */
  readonly statusDetails?: Readonly<Record<string, unknown>>;
  /** The public link of the last group; absent where that was not asked. */
  readonly shareId?: string | null;
  /** Which single group was resolved in a release, and when; absent for any other update. */
  readonly resolvedInRelease?: ResolvedInRelease;
  /** What the update is recorded as; absent for none. */
  readonly operation?: Pick<BulkRecord, 'operationId'>;
};

/** A resolve in a release, as the group's history tells of it. */
export type ResolvedInRelease = { readonly groupId: GroupId; readonly at: string };

/** Groups changed at the same time. */
const WIDTH = 32;

/** An update that may be made, and what was read for it. */
export type Commitment = {
  /** The groups to change, in the order of the request. */
  readonly rows: readonly AssignedGroupRow[];
  readonly organization: Organization;
  readonly projects: ReadonlyMap<string, ProjectWithTeams>;
  readonly factsAhead: ReadonlyMap<string, GroupFacts>;
  readonly uses: FollowersUse;
  readonly update: GroupUpdate;
  readonly actingProfile: UserProfile | undefined;
  readonly initiator: Initiator;
  readonly precondition: Precondition | null | undefined;
  /** Where it is recorded what becomes of the groups. */
  readonly record?: BulkRecord | null;
};

/**
 * Changes the groups, one transaction a group and 32 at a time, and answers what became of them.
 * Where somebody was unassigned, the owner caches of the group are invalidated after the commit.
 */
export async function commitUpdates(
  deps: CommitUpdatesDeps,
  commitment: Commitment,
): Promise<UpdateGroupsOutcome> {
  const { rows, organization, update, uses, precondition, record = null, ...known } = commitment;
  const initiator = partOf(known.initiator, record);
  const requireState = stateRequirement(deps, initiator.actingUserId, precondition);
  const outcomes = await mapConcurrently(
    WIDTH,
    rows,
    async (row, position): Promise<ChangeOutcome> =>
      changeGroup(
        deps,
        {
          groupId: row.group.id,
          organization,
          facts: await factsOf(deps, commitment, row),
          uses,
          initiator,
          ...(requireState && { requireState }),
          ...(record && {
            outcomeOf: (changes) => record.updated(changes, update, changesIssue(changes, update)),
          }),
        },
        deciderOf(commitment, row, { position, shareId: deps.newShareId() }),
      ),
  );
  for (const [index, { group }] of rows.entries()) {
    const kind = outcomes[index]?.kind;
    if (kind === 'gone' || kind === 'conflict') {
      record?.left(
        { groupId: group.id, projectId: group.projectId },
        kind === 'gone' ? 'skipped' : 'failed',
      );
    }
  }
  const committed = outcomes.flatMap((outcome) =>
    outcome.kind === 'committed' ? [outcome.changes] : [],
  );
  await forgetOwners(
    deps,
    committed.filter(wasUnassigned).map((changes) => changes.group.id),
  );
  return {
    ...describe(update, committed),
    ...(record && { operation: record }),
    matched: rows.length,
    issues: committed.flatMap((changes) => {
      const project = known.projects.get(changes.group.projectId)?.project;
      return project === undefined ? [] : [{ changes, project }];
    }),
    conflicting: rows
      .filter((_, index) => outcomes[index]?.kind === 'conflict')
      .map((row) => row.group.id),
  };
}

/** A group of a commitment, with what is decided on; nothing is read where that was read ahead. */
export async function factsOf(
  deps: Pick<ChangeGroupDeps, 'followers'>,
  { factsAhead, organization, uses }: Commitment,
  row: AssignedGroupRow,
): Promise<GroupFacts> {
  return factsAhead.get(row.group.id) ?? (await completeFacts(deps, row, organization, uses));
}

/** Decides what a commitment makes of one of its groups. */
export function deciderOf(
  { projects, actingProfile, update, initiator }: Commitment,
  { group }: AssignedGroupRow,
  given: { readonly position: number; readonly shareId: string },
): (facts: GroupFacts, now: string) => GroupChanges {
  const { actingUserId } = initiator;
  const project = projects.get(group.projectId);
  const actsAsMember =
    actingProfile !== undefined && project !== undefined && isProjectMember(actingProfile, project);
  return (facts, now) =>
    decideGroupUpdate(facts, update, { now, actingUserId, actsAsMember, ...given });
}

function describe(
  update: GroupUpdate,
  committed: readonly GroupChanges[],
): Omit<UpdateGroupsOutcome, 'matched' | 'conflicting' | 'issues'> {
  const last = committed.at(-1);
  const only = committed.length === 1 ? last : undefined;
  return {
    updated: committed.map((changes) => changes.group.id),
    changed: committed
      .filter((changes) => changesIssue(changes, update))
      .map((changes) => changes.group.id),
    ...(update.assignedTo === undefined ? {} : { assignedTo: update.assignedTo.assignee }),
    ...(update.ownerTeam === undefined ? {} : { ownerTeam: update.ownerTeam }),
    ...(update.status === undefined ? {} : { statusDetails: last?.group.statusDetails ?? {} }),
    ...(update.isPublic === undefined ? {} : { shareId: last?.shareId ?? null }),
    ...(update.status?.resolvedIn && only
      ? { resolvedInRelease: { groupId: only.group.id, at: only.now } }
      : {}),
  };
}

/** Following an issue is the follower's business, unless that is what was asked for. */
function changesIssue(changes: GroupChanges, update: GroupUpdate): boolean {
  return (
    changesRows(changes) || (update.isSubscribed !== undefined && changes.subscriptions.size > 0)
  );
}

function wasUnassigned(changes: GroupChanges): boolean {
  return changes.events.some((event) => event.type === 'issue.unassigned');
}
