import { DomainError } from '../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';

export type FollowMergesDeps = { readonly groups: Pick<GroupStore, 'mergedInto'> };

/**
 * Does something with an issue and, where that throws `resource.not_found` because the issue was
 * merged into another one, with the one that it went into; so on where that was merged as well.
 * What was merged in another organization is not followed. Answers which issue it was. One more
 * round trip for each merge, and for an issue that is not there; none for one that is.
 */
export async function followingMerges<T>(
  deps: FollowMergesDeps,
  {
    groupId,
    organizationIds,
  }: { readonly groupId: GroupId; readonly organizationIds: readonly OrganizationId[] },
  act: (groupId: GroupId) => Promise<T>,
): Promise<{ readonly groupId: GroupId; readonly result: T }> {
  try {
    return { groupId, result: await act(groupId) };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'resource.not_found') {
      throw error;
    }
    const into = (await deps.groups.mergedInto([groupId])).get(groupId);
    if (into === undefined || !organizationIds.includes(into.organizationId)) {
      throw error;
    }
    return followingMerges(deps, { groupId: into.groupId, organizationIds }, act);
  }
}

/**
 * Where each of these groups is now that was merged into another one; a group that was not is left
 * out. One round trip for 50 groups, and one more for each merge.
 */
export async function whereMerged(
  deps: FollowMergesDeps,
  groupIds: readonly GroupId[],
): Promise<Map<GroupId, GroupId>> {
  const into = new Map<GroupId, GroupId>();
  for (let asked = groupIds; asked.length > 0; ) {
    const found = await deps.groups.mergedInto(asked);
    for (const [id, { groupId }] of found) {
      into.set(id, groupId);
    }
    const reached = [...found.values()].map(({ groupId }) => groupId);
    asked = [...new Set(reached)].filter((id) => !into.has(id));
  }
  return new Map([...into.keys()].map((id) => [id, endOf(into, id)]));
}

/**
 * The groups of these ids that exist, in the order of the ids; in the place of one that was merged
 * the one that it went into, each once. One round trip for 50 groups, and two more for each merge
 * where some of them are not there.
 */
export async function readFollowingMerges(
  deps: { readonly groups: Pick<GroupStore, 'mergedInto' | 'withAssignments'> },
  groupIds: readonly GroupId[],
): Promise<AssignedGroupRow[]> {
  const rows = new Map<GroupId, AssignedGroupRow>();
  const into = new Map<GroupId, GroupId>();
  for (let unread = groupIds; unread.length > 0; ) {
    for (const [id, row] of await deps.groups.withAssignments(unread)) {
      rows.set(id, row);
    }
    const gone = unread.filter((id) => isMergedAway(rows.get(id)));
    const merged = gone.length === 0 ? new Map() : await deps.groups.mergedInto(gone);
    for (const [id, { groupId }] of merged) {
      into.set(id, groupId);
    }
    unread = [...new Set(gone.flatMap((id) => into.get(id) ?? []))].filter((id) => !rows.has(id));
  }
  const current = new Set(groupIds.map((id) => endOf(into, id)));
  return [...current].flatMap((id) => rows.get(id) ?? []);
}

function isMergedAway(row: AssignedGroupRow | undefined): boolean {
  return row === undefined || row.group.status === 'pending_merge';
}

/** A merge is never into a group that was merged itself: the way has an end. */
function endOf(into: ReadonlyMap<GroupId, GroupId>, groupId: GroupId): GroupId {
  const next = into.get(groupId);
  return next === undefined ? groupId : endOf(into, next);
}
