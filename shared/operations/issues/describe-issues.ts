import type { Subscription } from '../../domain/issues/subscription.ts';
import type { MarkStore, Marks } from '../../stores/issues/marks.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { GroupOwnerStore, SuggestedOwner } from '../../stores/ownership/group-owners.ts';
import { atOnce } from '../at-once.ts';
import { type IssueRow, type Names, namesOf, type ReadIssueDeps } from './read-issue.ts';

export type DescribeIssuesDeps = Pick<ReadIssueDeps, 'users' | 'teams'> & {
  readonly marks: Pick<MarkStore, 'ofUser'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofUser'>;
  readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
};

/** An issue and how the caller stands to it. */
export type ListedIssue = IssueRow & {
  readonly marks: Marks;
  readonly ownSubscription: Subscription | null;
};

export type DescribedIssues = {
  readonly issues: readonly ListedIssue[];
  readonly names: Names;
  /** Suggested owners by issue; empty where nobody asked for them. */
  readonly owners: ReadonlyMap<string, readonly SuggestedOwner[]>;
};

/** Queries for owners at the same time. */
const width = 32;

/** Reads what a list shows beside the issues themselves, all at once; owners cost a Query for each issue. */
export async function describeIssues(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  wanted: { readonly callerUserId: string | null; readonly withOwners: boolean },
): Promise<DescribedIssues> {
  const { callerUserId } = wanted;
  const ids = issues.map(({ group }) => group.id);
  const [marks, subscriptions, names, owners] = await Promise.all([
    callerUserId === null ? new Map<string, Marks>() : deps.marks.ofUser(callerUserId, ids),
    callerUserId === null
      ? new Map<string, Subscription>()
      : deps.subscriptions.ofUser(callerUserId, ids),
    namesOf(
      deps,
      issues.flatMap(({ assignment }) => assignment?.assignee ?? []),
    ),
    atOnce(
      width,
      wanted.withOwners ? ids : [],
      async (id) => [id, await deps.owners.ofGroup(id)] as const,
    ),
  ]);
  return {
    issues: issues.map((issue) => ({
      ...issue,
      marks: marks.get(issue.group.id) ?? { isBookmarked: false, hasSeen: false },
      ownSubscription: subscriptions.get(issue.group.id) ?? null,
    })),
    names,
    owners: new Map(owners),
  };
}
