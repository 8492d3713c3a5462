import type { Subscription } from '../../domain/issues/subscription.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { UserFlagStore, UserFlags } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore, SuggestedOwner } from '../../stores/ownership/group-owners.ts';
import {
  type IssueRow,
  type Names,
  namesOf,
  ownersActors,
  ownersThere,
  type ReadIssueDeps,
} from './read-issue.ts';

export type DescribeIssuesDeps = Pick<ReadIssueDeps, 'users' | 'teams'> & {
  readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofUser'>;
  readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
};

/** An issue and how the caller stands to it. */
export type ListedIssue = IssueRow & {
  readonly userFlags: UserFlags;
  readonly ownSubscription: Subscription | null;
};

export type DescribedIssues = {
  readonly issues: readonly ListedIssue[];
  readonly names: Names;
  /** Suggested owners by issue; empty where nobody asked for them. */
  readonly owners: ReadonlyMap<string, readonly SuggestedOwner[]>;
};

/** Queries for owners at the same time. */
const WIDTH = 32;

/**
 * Reads what a list shows beside the issues themselves, all concurrently, and as eventually as the
 * list is; owners cost a Query for each issue, and their names.
 */
export async function describeIssues(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  wanted: { readonly callerUserId: string | null; readonly withOwners: boolean },
): Promise<DescribedIssues> {
  const { callerUserId } = wanted;
  const ids = issues.map(({ group }) => group.id);
  const [userFlags, subscriptions, { names, owners }] = await Promise.all([
    callerUserId === null
      ? new Map<string, UserFlags>()
      : deps.userFlags.ofUser(callerUserId, ids, 'eventual'),
    callerUserId === null
      ? new Map<string, Subscription>()
      : deps.subscriptions.ofUser(callerUserId, ids, 'eventual'),
    namesAndOwners(deps, issues, wanted.withOwners),
  ]);
  return {
    issues: issues.map((issue) => ({
      ...issue,
      userFlags: userFlags.get(issue.group.id) ?? { isBookmarked: false, hasSeen: false },
      ownSubscription: subscriptions.get(issue.group.id) ?? null,
    })),
    names,
    owners,
  };
}

async function namesAndOwners(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  withOwners: boolean,
): Promise<Pick<DescribedIssues, 'names' | 'owners'>> {
  const stored = await mapConcurrently(
    WIDTH,
    withOwners ? issues : [],
    async ({ group: { id } }) => [id, await deps.owners.ofGroup(id)] as const,
  );
  const names = await namesOf(deps, [
    ...issues.flatMap(({ assignment }) => assignment?.assignee ?? []),
    ...stored.flatMap(([, owners]) => ownersActors(owners)),
  ]);
  return {
    names,
    owners: new Map(stored.map(([id, owners]) => [id, ownersThere(owners, names)] as const)),
  };
}
