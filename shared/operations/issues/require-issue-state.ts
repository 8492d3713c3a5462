import {
  type EditableIssue,
  type OwnFlags,
  type Precondition,
  stateOfIssue,
} from '../../domain/editable-state.ts';
import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import { subscriptionOf } from '../../domain/issues/followers.ts';
import { NOTHING_SET } from '../../domain/issues/user-flags.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import { type ReadIssueDeps, readIssueRow } from './read-issue.ts';

export type OwnFlagsDeps = {
  readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
  readonly followers: Pick<FollowerStore, 'listsWith'>;
};

/**
 * Throws `precondition.failed` where an issue is not what a request was made for; else answers what
 * it was compared by, which has to stay so until the commit. One round trip.
 */
export type RequireIssueState = (row: Omit<EditableIssue, 'own'>) => Promise<EditableIssue>;

/** What a precondition requires of an issue as a user sees it; undefined without a precondition. */
export function stateRequirement(
  deps: OwnFlagsDeps,
  userId: UserId | null,
  precondition: Precondition | null | undefined,
): RequireIssueState | undefined {
  if (!precondition) {
    return undefined;
  }
  return async ({ group, shareId, assignment }) => {
    const own = userId === null ? null : await readOwnFlags(deps, userId, { group, assignment });
    const issue = { group, shareId, assignment, own };
    precondition(stateOfIssue(issue));
    return issue;
  };
}

/**
 * Holds an issue to a precondition before a request is looked at any further. Three round trips,
 * none without a precondition. Throws `resource.not_found` as `readIssue` does.
 */
export async function requireIssueState(
  deps: OwnFlagsDeps & Pick<ReadIssueDeps, 'groups' | 'projects'>,
  input: {
    readonly groupId: GroupId;
    readonly organizationIds: readonly OrganizationId[];
    readonly callerUserId: string | null;
    readonly precondition: Precondition | null;
  },
): Promise<void> {
  const requireState = stateRequirement(deps, input.callerUserId, input.precondition);
  if (requireState !== undefined) {
    await requireState(await readIssueRow(deps, input));
  }
}

async function readOwnFlags(
  { userFlags, followers }: OwnFlagsDeps,
  userId: UserId,
  { group: { id }, assignment }: Pick<EditableIssue, 'group' | 'assignment'>,
): Promise<OwnFlags> {
  const [rows, lists] = await Promise.all([
    userFlags.ofUser(userId, [{ id }]),
    followers.listsWith(userId, assignment === null ? [] : [assignment]),
  ]);
  const { hasSeen, isBookmarked, subscription: stored } = rows.get(id) ?? NOTHING_SET;
  const user = { type: 'user', id: userId } as const;
  const subscription = subscriptionOf(user, stored, assignment, lists.get(id) ?? []);
  return { userId, hasSeen, isBookmarked, subscription };
}
