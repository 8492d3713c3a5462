import {
  type EditableIssue,
  type OwnMarks,
  type Precondition,
  stateOfIssue,
} from '../../domain/editable-state.ts';
import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import { type ReadIssueDeps, readIssueRow } from './read-issue.ts';

export type OwnMarksDeps = {
  readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofUser'>;
};

/**
 * Throws `precondition.failed` where an issue is not what a request was made for; else answers what
 * it was compared by, which has to stay so until the commit. One round trip.
 */
export type RequireIssueState = (row: Omit<EditableIssue, 'own'>) => Promise<EditableIssue>;

/** What a precondition requires of an issue as a user sees it; undefined without a precondition. */
export function stateRequirement(
  deps: OwnMarksDeps,
  userId: UserId | null,
  precondition: Precondition | null | undefined,
): RequireIssueState | undefined {
  if (!precondition) {
    return undefined;
  }
  return async ({ group, shareId, assignment }) => {
    const own = userId === null ? null : await readOwnMarks(deps, userId, group.id);
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
  deps: OwnMarksDeps & Pick<ReadIssueDeps, 'groups' | 'projects'>,
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

async function readOwnMarks(
  { userFlags, subscriptions }: OwnMarksDeps,
  userId: UserId,
  groupId: GroupId,
): Promise<OwnMarks> {
  const [flags, subscribed] = await Promise.all([
    userFlags.ofUser(userId, [groupId]),
    subscriptions.ofUser(userId, [groupId]),
  ]);
  const none = { hasSeen: false, isBookmarked: false };
  return { userId, ...(flags.get(groupId) ?? none), subscription: subscribed.get(groupId) ?? null };
}
