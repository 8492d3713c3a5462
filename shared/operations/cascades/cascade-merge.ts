import type { Organization } from '../../domain/directory.ts';
import { changedMeanwhile } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { GroupId, OrganizationId, ProjectId } from '../../domain/ids.ts';
import { decideAssignable } from '../../domain/issues/assignable.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import type { Group } from '../../domain/issues/group.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import { absorbCounts, inheritedAssignee, inheritedLease } from '../../domain/issues/merge.ts';
import { inheritOwnerTeam, ownerTeamOf } from '../../domain/issues/owner-team.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { GroupMergeStore } from '../../stores/issues/group-merges.ts';
import type { GroupRemovalStore } from '../../stores/issues/group-removal.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { assign } from '../issues/assign.ts';
import { type ChangeGroupDeps, changeGroup } from '../issues/change-group.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../lookup/find-candidate.ts';
import { type MoveLinksDeps, moveLinks } from '../sync/move-links.ts';
import { type RemoveGroupDeps, removeGroup } from './remove-group.ts';

export type CascadeMergeDeps = ChangeGroupDeps &
  RemoveGroupDeps &
  MoveLinksDeps &
  FindCandidateDeps & {
    readonly groups: Pick<GroupStore, 'byId' | 'withAssignments' | 'mergedInto'>;
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly groupMerges: Pick<GroupMergeStore, 'move' | 'absorb'>;
    readonly groupRemoval: Pick<GroupRemovalStore, 'releaseFingerprints' | 'continueLater'>;
  };

type CascadeMergeInput = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly primaryId: GroupId;
  readonly childIds: readonly GroupId[];
  /** That of the message, for the one that follows it. */
  readonly version: number;
  readonly requestId: string;
  readonly hasTime: () => boolean;
};

/** Every batch of events that the primary gets moves its counts. */
const ATTEMPTS = 20;

/**
 * Moves what belongs to groups that were merged away to their primary: its assignee and its owning
 * team where it has none, the history, the followers, the fingerprints, the links and the counts.
 * The groups themselves are removed, but for a row that says where each went. Safe to repeat; when
 * the time runs out, the children that are left are another worker's.
 */
export async function cascadeMerge(
  deps: CascadeMergeDeps,
  input: CascadeMergeInput,
): Promise<void> {
  const organization = await deps.organizations.byId(input.organizationId);
  if (organization === undefined) {
    return;
  }
  for (const [position, childId] of input.childIds.entries()) {
    if (await moveChild(deps, childId, organization, input)) {
      continue;
    }
    await continueLater(deps, input, input.childIds.slice(position));
    return;
  }
}

/** Answers whether the time sufficed. */
async function moveChild(
  deps: CascadeMergeDeps,
  childId: GroupId,
  organization: Organization,
  input: CascadeMergeInput,
): Promise<boolean> {
  const { requestId, hasTime } = input;
  const { primary, child } = await readBoth(deps, input.primaryId, childId);
  if (child?.group.status !== 'pending_merge') {
    return true;
  }
  const isThere = primary !== undefined && primary.group.status !== 'pending_deletion';
  if (isThere) {
    await inheritAssignee(deps, { primary, child, organization, requestId });
    await inheritOwner(deps, { primary, child, organization, requestId });
  }
  await deps.groupRemoval.markForDeletion(child.group, deps.clock());
  if (!isThere) {
    return removeOrphan(deps, child.group, hasTime);
  }
  const primaryId = primary.group.id;
  const moved = await deps.groupMerges.move(child.group, primaryId, hasTime);
  if (moved === 'outOfTime') {
    return false;
  }
  if (moved === 'gone') {
    // It was deleted meanwhile, or merged into yet another one, which then gets the child.
    const current = (await readBoth(deps, primaryId, childId)).primary;
    return current === undefined || current.group.id === primaryId
      ? removeOrphan(deps, child.group, hasTime)
      : moveChild(deps, childId, organization, { ...input, primaryId: current.group.id });
  }
  await moveLinks(deps, { childId, primary: primary.group, requestId });
  const { isComplete } = await deps.groupRemoval.empty([childId], hasTime);
  if (!isComplete) {
    return false;
  }
  await absorb(deps, primaryId, childId);
  return true;
}

/**
 * A child, and the group that it goes to: its primary, or the one that took in the primary
 * meanwhile. One round trip, and two more for each such merge.
 */
async function readBoth(
  deps: CascadeMergeDeps,
  primaryId: GroupId,
  childId: GroupId,
): Promise<{
  readonly primary: AssignedGroupRow | undefined;
  readonly child: AssignedGroupRow | undefined;
}> {
  const rows = await deps.groups.withAssignments([primaryId, childId]);
  const [primary, child] = [rows.get(primaryId), rows.get(childId)];
  if (primary !== undefined && primary.group.status !== 'pending_merge') {
    return { primary, child };
  }
  const into = (await deps.groups.mergedInto([primaryId])).get(primaryId);
  return into === undefined ? { primary, child } : readBoth(deps, into.groupId, childId);
}

/** What a primary may have from a child. */
type Inheritance = {
  readonly primary: AssignedGroupRow;
  readonly child: AssignedGroupRow;
  readonly organization: Organization;
  readonly requestId: string;
};

/** A primary that nobody holds gets the child's assignee. Throws where others keep changing it. */
async function inheritAssignee(deps: CascadeMergeDeps, input: Inheritance): Promise<void> {
  const { primary, child, organization } = input;
  const inherited = inheritedAssignee(primary.assignment, child.assignment);
  const assignee = inherited && (await asAssignee(deps, inherited, organization));
  if (assignee === null) {
    return;
  }
  const outcome = await assign(deps, {
    groupId: primary.group.id,
    organization,
    assignee,
    initiator: systemInitiator(input.requestId),
    options: { createOnly: true, lease: inheritedLease(child.assignment) },
  });
  // A primary that is gone is another one by now: the child keeps its assignee until that is known.
  if (outcome.kind !== 'committed') {
    throw changedMeanwhile();
  }
}

/** A primary that no team owns gets the child's. Throws where others keep changing it. */
async function inheritOwner(deps: CascadeMergeDeps, input: Inheritance): Promise<void> {
  const { primary, child, organization, requestId } = input;
  const { ownerTeam } = child.group;
  if (ownerTeamOf(child.group) === null || ownerTeamOf(primary.group) !== null) {
    return;
  }
  const outcome = await changeGroup(
    deps,
    { groupId: primary.group.id, organization, initiator: systemInitiator(requestId) },
    (facts, now) => inheritOwnerTeam(startChanges(facts, { now, actingUserId: null }), ownerTeam),
  );
  if (outcome.kind !== 'committed') {
    throw changedMeanwhile();
  }
}

/**
 * Counts of the primary may rise meanwhile: then both are read again. Throws where that does not
 * end.
 */
async function absorb(deps: CascadeMergeDeps, primaryId: GroupId, childId: GroupId): Promise<void> {
  const decide = async () => {
    const both = await readBoth(deps, primaryId, childId);
    const [primary, child] = [both.primary?.group, both.child?.group];
    if (child === undefined) {
      return undefined;
    }
    if (primary === undefined || primary.status === 'pending_deletion') {
      await removeOrphan(deps, child, () => true);
      return undefined;
    }
    const outcome = await deps.groupMerges.absorb(primary, absorbCounts(primary, child), child);
    return outcome.committed ? undefined : AGAIN;
  };
  await redecide(decide, { attempts: ATTEMPTS });
}

/** The primary was deleted before it took in the child: so is the child. */
async function removeOrphan(
  deps: CascadeMergeDeps,
  child: Group,
  hasTime: () => boolean,
): Promise<boolean> {
  await deps.groupRemoval.releaseFingerprints(child);
  return removeGroup(deps, child, hasTime);
}

/** Somebody who has left the organization inherits nothing. */
async function asAssignee(
  deps: CascadeMergeDeps,
  actor: Assignee['actor'],
  organization: Organization,
): Promise<Assignee | null> {
  const found = await findCandidate(deps, { kind: 'actor', actor });
  if (found === null) {
    return null;
  }
  const candidate = await completeCandidate(deps, found, organization.id);
  const verdict = decideAssignable(candidate, organization, []);
  return verdict.ok ? verdict.assignee : null;
}

async function continueLater(
  deps: CascadeMergeDeps,
  input: CascadeMergeInput,
  children: readonly string[],
): Promise<void> {
  await deps.groupRemoval.continueLater(
    toEventRecord(
      { type: 'issue.merged', version: input.version, data: { children } },
      {
        ...eventContext(deps, systemInitiator(input.requestId), deps.clock()),
        organizationId: input.organizationId,
        projectId: input.projectId,
        groupId: input.primaryId,
      },
    ),
  );
}
